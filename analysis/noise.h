// The study `noise`: how much noise does the context vector bear? A channel that uses its whole range for one sentence
// loses it at the first disturbance; one that repeats itself does not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct NoiseOptions {
  std::string levels = "0.1,0.25,0.5,1,2,4";  ///< standard deviations of the noise, each unit's own as the unit
};

void describe(OptionVisitor& visit, NoiseOptions& options);
/// The levels above 0, ascending. Throws UsageError.
std::vector<double> noise_levels(const NoiseOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kNoiseStudyVersion = 1;

/// Gaussian noise of s·σ on each unit, σ the unit's standard deviation over the text. Noise of a sentence has the same
/// direction at every s. Control: the context of another sentence, which is what is left when nothing is. Finding
/// half_noise: the s, between levels on the straight line, at which BLEU is half of what it is without noise.
StudyResult noise_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
