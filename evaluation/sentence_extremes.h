// The sentences that a look at the translations should begin with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evaluation/bleu.h"

namespace isthmus {

struct ScoredSentence {
  std::size_t line = 0;      ///< from 0
  std::vector<double> bleu;  ///< of the sentence, of each system that is compared
};

/// Of one system: by sentence BLEU. Of two: by the difference of theirs, no sentence that has none. Of equal ones the
/// earlier line comes first.
struct SentenceExtremes {
  std::vector<ScoredSentence> worst;  ///< or: where the second is better than the first
  std::vector<ScoredSentence> best;   ///< or: where the first is better than the second
};

/// At most `most` of each kind. `statistics` are those of each sentence, as bleu_statistics gives them.
SentenceExtremes sentence_extremes(std::span<const BleuStatistics> statistics, const BleuOptions& options,
                                   std::size_t most);
SentenceExtremes sentence_extremes(std::span<const BleuStatistics> first, std::span<const BleuStatistics> second,
                                   const BleuOptions& options, std::size_t most);

}  // namespace isthmus
