#include "evaluation/length_buckets.h"

#include <cassert>

#include "evaluation/length_bins.h"

namespace isthmus {

std::vector<LengthBucket> length_buckets(const NumberedCorpus& corpus,
                                         std::span<const std::vector<BleuStatistics>> statistics,
                                         const BleuOptions& options) {
  std::vector<std::int64_t> lengths;
  for (const NumberedCorpus::Line& line : corpus.lines) {
    lengths.push_back(static_cast<std::int64_t>(line.references.at(0).size()));
  }
  std::vector<LengthBucket> buckets;
  for (const std::vector<BleuStatistics>& system : statistics) {
    assert(system.size() == lengths.size());
    const auto bins = bins_by_length<BleuStatistics>(system, lengths, kLengthBucketEnds);
    if (buckets.empty()) {
      for (const auto& bin : bins) {
        buckets.push_back(
            {.label = bin.label(), .low = bin.low, .high = bin.high, .sentences = bin.sentences, .systems = {}});
      }
    }
    for (std::size_t b = 0; b < bins.size(); ++b) {
      buckets[b].systems.push_back(bleu_score(bins[b].statistics, options));
    }
  }
  std::erase_if(buckets, [](const LengthBucket& bucket) { return bucket.sentences == 0; });
  return buckets;
}

}  // namespace isthmus
