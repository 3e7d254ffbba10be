// Which pieces of a source a model looked at for the pieces of a translation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/options.h"
#include "decode/step_model.h"
#include "model/matrix.h"

namespace isthmus {

/// How an alignment is written.
enum class AlignmentFormat {
  kNone,
  kHard,  ///< pairs, as in "0-0 1-2"
  kSoft,  ///< weights, as in "0.9,0.1,0.0 0.2,0.7,0.1"
};
template <>
struct EnumNames<AlignmentFormat> {
  static constexpr std::string_view names[] = {"none", "hard", "soft"};
};

/// The weights of attention: a column for each piece of the translation and one for its end, a row for each piece of
/// the source and one for its end; columns sum to 1. Empty: the model does not look back.
using Alignment = Matrix<float>;

/// Reads translations that are there. Target i is one of source i; no source is empty. The model forgets what it
/// searched. An alignment does not depend on the others as long as the model's columns do not.
std::vector<Alignment> align(StepModel& model, std::span<const Sentence> sources, std::span<const Sentence> targets);

/// "0-0 1-2": for each piece of the translation, SOURCE-TARGET of the source's piece with the largest weight, the first
/// of several. None where that is the end; the translation's end is left out.
std::string hard_alignment(const Alignment& alignment);

/// For each piece of the translation, and then for its end, the weights of the source's pieces and end with commas
/// between.
std::string soft_alignment(const Alignment& alignment);

/// Either of them.
std::string alignment_text(const Alignment& alignment, AlignmentFormat format);

}  // namespace isthmus
