// The study `reliance`: at which words does the decoder need the context, and does it forget it on the way?
//
// ΔNLL_t = −log p(y_t | c', y_<t) + log p(y_t | c, y_<t), y the reference, c' another context.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct RelianceOptions {
  std::int64_t positions = 30;  ///< of the reference, in pieces
};

void describe(OptionVisitor& visit, RelianceOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kRelianceStudyVersion = 1;

/// Contexts in the place of the own: `swapped`, another sentence's; `mean`, of all; `zero`, a state of zeros; and, as a
/// control, `similar`, swapped with a sentence of the nearest length, so that the length is not what is missed.
///
/// Rows: ΔNLL at each position, of all sentences that have it. Findings, for each context NAME:
///   * reliance_NAME: nats a piece, all positions
///   * kept_NAME: ΔNLL in the last third of the positions 1 … m as a share of that in the first third; m is the median
///     length, and only sentences with at least m pieces count, so that it is the same sentences at each position
///   * half_life_NAME: pieces, of the exponential through ΔNLL at 1 … m of these; absent where it does not fall
///
/// Throws InputError for fewer than three lines.
StudyResult reliance_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
