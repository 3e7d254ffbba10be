// The study `information`: how much of a sentence does the context vector tell the decoder, and where does it fill up?
//
// I_t = log p(y_t | c, y_<t) − log p(y_t | neutral c, y_<t), y the reference; the sum over t is the pointwise mutual
// information of sentence and vector as the decoder uses it, against a neutral context that knows nothing of the
// sentence: the mean of all contexts, or the context of another sentence.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct InformationOptions {
  std::int64_t bin_width = 5;       ///< words of the source a bin
  std::int64_t min_sentences = 20;  ///< a bin with fewer is shown and marked, but bears on no finding
  std::int64_t positions = 30;      ///< of the reference, in pieces, that are told apart
};

void describe(OptionVisitor& visit, InformationOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kInformationStudyVersion = 1;

/// Rows, for each neutral context (`mean`, `shuffled`) and for the floor (`floor`: what the context of a second other
/// sentence tells, against `shuffled`; 0 but for chance): nats a sentence in bins of source length, with the increase
/// for every further word to the next bin; nats at each position of the reference.
///
/// Findings, but for information_shuffled and floor against the mean context:
///   * information, information_shuffled, floor: nats a sentence
///   * information_per_piece
///   * saturation_length: words; the end of the first bin after which the increase per word has an interval that
///     reaches 0 and lies below the greatest increase before it. Absent: it grows to the last bin, or that cannot be
///     told
///   * capacity, capacity_length: a and τ of a·(1 − exp(−T/τ)), least squares over the bins' means, weighted by
///     sentences; τ at most ten times the longest bin. Absent: τ reaches that bound, or the curve misses a bin
///
/// Throws InputError for fewer than three lines.
StudyResult information_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
