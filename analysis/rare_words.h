// The rare-words study: how much do rare words of the source cost? Models with a small vocabulary fell with the number
// of unknown words (Cho et al. 2014, https://aclanthology.org/W14-4012, figure 4b), less so Sutskever et al.'s (2014,
// https://arxiv.org/abs/1409.3215, figure 3) with the mean frequency rank.
#pragma once

#include <cstdint>
#include <string>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct RareWordsOptions {
  std::string training_source;  ///< empty: frequencies are those in the other lines of the text under study
  std::int64_t below = 5;       ///< a word that is seen fewer times is rare
};

void describe(OptionVisitor& visit, RareWordsOptions& options);

/// Raised when the same text would give other numbers.
inline constexpr std::int64_t kRareWordsStudyVersion = 2;

/// Sources without words are left out. Rows (rare_word_quality): BLEU and chrF of sentences in buckets
///
///   * rare_words: words of the source that are rare
///   * pieces_per_word, frequency_rank (mean over its words): quarters of the text
///
/// and of the control, the sentences of the other buckets weighted to the same distribution of lengths: sentences with
/// more rare words are longer, and longer ones are translated worse for other reasons too.
///
/// Findings, of the buckets with enough sentences (--min-sentences):
///
///   * rare_words: mean number of them in a sentence
///   * bleu_per_rare_word, chrf_per_rare_word: points for every further one; least squares over the buckets
///   * bleu_per_rare_word_at_length, chrf_…: the same at equal length: bucket less control, against how many more rare
///     words it has, through 0
///   * bleu_most_pieces, bleu_rarest: the last quarter of the other two, less its control
///
/// Throws InputError where there are fewer than two sources with words, and for --training-source as LineReader does.
StudyResult study_rare_words(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
