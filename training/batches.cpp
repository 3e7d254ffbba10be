#include "training/batches.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace isthmus {

std::vector<BatchIndices> make_batches(const TokenPairs& pairs, const BatchOptions& options, Random random) {
  std::vector<std::uint32_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(order);
  const auto lengths = [&](std::uint32_t i) { return std::pair(pairs.target.length(i), pairs.source.length(i)); };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return lengths(a) < lengths(b); });

  std::vector<BatchIndices> batches;
  std::int64_t tokens = 0;  // of the last batch
  for (const std::uint32_t i : order) {
    const std::int64_t more = std::ssize(pairs.target[i]) + 1;  // its end
    const bool full = batches.empty() || (options.tokens > 0 ? tokens + more > options.tokens
                                                             : std::ssize(batches.back()) >= options.sentences);
    if (full) {
      batches.emplace_back();
      tokens = 0;
    }
    batches.back().push_back(i);
    tokens += more;
  }
  random.shuffle(batches);
  return batches;
}

std::int64_t Batch::target_tokens() const {
  std::size_t tokens = target.size();
  for (const Sentence& sentence : target) tokens += sentence.size();
  return static_cast<std::int64_t>(tokens);
}

Batch gather(const TokenPairs& pairs, const BatchIndices& indices) {
  Batch batch;
  for (const std::uint32_t i : indices) {
    batch.source.emplace_back(pairs.source[i].begin(), pairs.source[i].end());
    batch.target.emplace_back(pairs.target[i].begin(), pairs.target[i].end());
  }
  return batch;
}

std::vector<Batch> make_shards(const Batch& batch, std::int64_t shards) {
  std::vector<Batch> parts(static_cast<std::size_t>(shards));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    parts[i % parts.size()].source.push_back(batch.source[i]);
    parts[i % parts.size()].target.push_back(batch.target[i]);
  }
  return parts;
}

}  // namespace isthmus
