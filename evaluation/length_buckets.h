// How well systems do on short and on long sentences.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/numbered_text.h"

namespace isthmus {

/// In words of the first reference: upper ends of the buckets; one more has all that is longer.
inline constexpr std::int64_t kLengthBucketEnds[] = {5, 10, 15, 20, 30, 40, 60};

/// The sentences whose first reference has `low` to `high` words.
struct LengthBucket {
  std::string label;  ///< "11-20", "61+"
  std::int64_t low = 0;
  std::int64_t high = 0;  ///< the largest number there is, of the last bucket
  std::int64_t sentences = 0;
  std::vector<BleuScore> systems;  ///< of the corpus that these sentences are, with length_ratio()
};

/// Buckets without sentences are left out. `statistics` are bleu_statistics of each system.
std::vector<LengthBucket> length_buckets(const NumberedCorpus& corpus,
                                         std::span<const std::vector<BleuStatistics>> statistics,
                                         const BleuOptions& options);

}  // namespace isthmus
