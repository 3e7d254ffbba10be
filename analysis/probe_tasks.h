// What probes are asked of a sentence: labels made of its pieces alone (Adi et al. 2017,
// https://arxiv.org/abs/1608.04207; Conneau et al. 2018, https://aclanthology.org/P18-1198).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/linear_probe.h"
#include "core/random.h"
#include "core/types.h"

namespace isthmus {

/// Length in pieces, in bins that part the sentences as evenly as equal lengths allow; fewer than `bins` where they
/// do not.
ProbeLabels length_labels(std::span<const Sentence> sentences, int bins);

/// The pieces in most sentences, but in no more than the given share of them and in at least `least`; at most `count`,
/// the most frequent first, of equals the smaller number.
std::vector<TokenId> content_pieces(std::span<const Sentence> sentences, std::size_t count, double share,
                                    std::size_t least);
/// Whether each of the pieces is in the sentence.
ProbeLabels content_labels(std::span<const Sentence> sentences, std::span<const TokenId> pieces);

/// The pieces that occur most, at most `count`, of equals the smaller number first.
std::vector<TokenId> frequent_pieces(std::span<const Sentence> sentences, std::size_t count);
/// Which piece stands at a place: 1 is the first, −1 the last. Classes are `pieces`, and all others as one; a sentence
/// that is too short has none.
ProbeLabels recall_labels(std::span<const Sentence> sentences, int position, std::span<const TokenId> pieces);

/// Each sentence twice: as it is, class 0, and with two neighbours swapped, class 1. So the words tell nothing. The two
/// differ; which ones is drawn evenly. Sentences that have no such neighbours are left out.
struct ShiftedSentences {
  std::vector<std::size_t> sentence;  ///< by sample: the number of its sentence
  std::vector<Sentence> pieces;       ///< by sample: as it is shown to the encoder
  ProbeLabels labels;
};
ShiftedSentences shift_neighbours(std::span<const Sentence> sentences, Random random);

/// Two pieces of a sentence, each once in it, in random order: class 1 where the one named first comes first.
struct OrderPairs {
  std::vector<std::size_t> sentence;  ///< by sample
  std::vector<TokenId> first, second;
  ProbeLabels labels;
};
/// So many pairs of each sentence that has two such pieces, drawn evenly.
OrderPairs order_pairs(std::span<const Sentence> sentences, int pairs, Random random);

/// The control task (Hewitt & Liang 2019, https://aclanthology.org/D19-1275): the same labels dealt out to the samples
/// by chance, so that only memory could tell them.
ProbeLabels random_labels(const ProbeLabels& labels, Random random);

/// Sentences 0 … count − 1 by chance: 60 % train, 20 % dev, 20 % test.
ProbeSplit random_split(std::size_t count, Random random);
/// The split of samples that follow their sentences.
ProbeSplit split_of_samples(const ProbeSplit& sentences, std::span<const std::size_t> sentence_of_sample);

}  // namespace isthmus
