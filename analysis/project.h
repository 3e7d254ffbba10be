// The study `project`: how many directions of the context vector does the decoder read?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct ProjectOptions {
  std::string axes;  ///< numbers of axes; empty: 1, 2, 4, … and all
};

void describe(OptionVisitor& visit, ProjectOptions& options);
/// Ascending, of vectors of d units whose axes are those of so many lines. Throws UsageError for more axes than the
/// lines tell, but for all d, which are the vectors themselves.
std::vector<std::int64_t> project_axes(const ProjectOptions& options, std::int64_t d, std::int64_t lines);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kProjectStudyVersion = 2;

/// Contexts are projected on the first k principal axes through the mean. The axes of a line are those of the other
/// half of the text, halves at random, so that no line is told by itself; of a half, at most 2,000 lines. Control: k
/// axes in random directions. Findings axes_bleu and axes_loss: the smallest k from which on no loss can be told
/// (paired interval).
StudyResult project_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
