// The word-order study: how much of the order of its words does a context vector hold? Sources are permuted, as
// Khandelwal et al. (2018, https://aclanthology.org/P18-1027) permuted the words before the one that a language model
// was to tell.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct WordOrderOptions {
  std::int64_t sentences = 500;  ///< 0: all
};

void describe(OptionVisitor& visit, WordOrderOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kWordOrderStudyVersion = 1;

/// The order of pieces, of sentences with four or more. c' is the context of the changed source; the loss is that of
/// the unchanged reference under c', less that under c, per target token.
///
/// Rows (word_order_change), one for each change:
///
///   * identity: nothing, encoded again: 0 but for rounding
///   * swap: one pair of neighbours that differ changes places; by the distance of the pair's later one from the last
///     piece that the encoder reads
///   * window-2, window-3, window-5: shuffled within windows of so many pieces
///   * reverse, shuffle: all of them
///   * other: the context of another sentence, the upper end
///
/// Findings: the rise of the loss of each change but the first, and as a share of that of `other` (share_…). With
/// attention the annotations go with the changed source, and the cosines are those of the state alone.
///
/// Throws InputError where the text has fewer than two such sentences.
StudyResult study_word_order(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
