// The n-grams in which a system differs from another, or from the references (as compare-mt does: Neubig et al. 2019,
// https://aclanthology.org/N19-4007).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "evaluation/numbered_text.h"

namespace isthmus {

/// An n-gram of 1 to 4 words, and how often it did two things. `share` of the first is (first + 1) / (first + second +
/// 2): near 1 where it did the first often and the second never, .5 where it did both alike, and little more than that
/// where it is rare.
struct NgramDifference {
  std::string ngram;
  std::int64_t first = 0;
  std::int64_t second = 0;

  double share() const { return static_cast<double>(first + 1) / static_cast<double>(first + second + 2); }
};

/// Those with the largest share above .5 come first, then those with more between the two, then longer ones, then by
/// the alphabet.
struct NgramDifferences {
  std::vector<NgramDifference> more_first;
  std::vector<NgramDifference> more_second;  ///< with the two counts, and so the share, the other way round
};

/// Counted are n-grams that a system has right, as BLEU counts matches: clipped, in each sentence, to what the
/// references allow. `first` and `second` are systems of the corpus; at most `most` of each kind.
NgramDifferences ngrams_right(const NumberedCorpus& corpus, std::size_t first, std::size_t second, std::size_t most);

/// First: occurrences beyond what any reference of the sentence has. Second: those that all its references have and the
/// system lacks. So more_first is what the system says too often, more_second too seldom.
NgramDifferences ngrams_out_of_balance(const NumberedCorpus& corpus, std::size_t system, std::size_t most);

}  // namespace isthmus
