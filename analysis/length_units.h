// The length-units study: where does a translator count? Shi, Knight & Yuret (2016, https://aclanthology.org/D16-1248)
// found single units of an LSTM whose memory tells how many words are left to write.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct LengthUnitsOptions {
  std::int64_t sentences = 1000;  ///< of the text, its first; 0: all
  std::int64_t most = 10;         ///< units that are selected, one after the other
};

void describe(OptionVisitor& visit, LengthUnitsOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kLengthUnitsStudyVersion = 2;

/// How well a few units tell a number by a linear formula: R² of least squares on
///
///   * encoder: the pieces read so far (each direction's own), from the states of all layers
///   * decoder: the pieces left to write, the end among them, from the states while it is given the reference
///
/// A unit is a number of a hidden state or of a memory. Units are selected forward, each the one that with those before
/// it explains most of one half of the sentences (a random one); R² is told of that half and of the other,
/// whose mean is what R² = 0 knows: below 0 is worse than the mean. Controls: an untrained model of the same shape;
/// the number of another place (shuffled); for the decoder the number of pieces written so far, which needs no context.
StudyResult length_units_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
