// The study `quantise`: how many bits of each unit does the decoder read?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct QuantiseOptions {
  std::string bits = "1,2,3,4,6,8";  ///< of each unit
};

void describe(OptionVisitor& visit, QuantiseOptions& options);
/// Ascending. Throws UsageError.
std::vector<std::int64_t> quantise_bits(const QuantiseOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kQuantiseStudyVersion = 1;

/// Each unit's range over the text is cut into 2^b equal cells, and its value becomes the middle of its cell. Control:
/// noise that is even over the width of a cell, an error of the same size that does not come from rounding. Findings
/// bits_bleu and bits_loss: the fewest bits from which on no loss can be told (paired interval).
StudyResult quantise_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
