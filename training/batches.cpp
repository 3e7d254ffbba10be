#include "training/batches.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace isthmus {

BatchLimits batch_limits(const BatchOptions& options) {
  if (options.tokens == 0) return {.sentences = options.sentences};
  return {.sentences = options.tokens, .source_tokens = options.tokens, .target_tokens = options.tokens};
}

std::vector<BatchIndices> make_batches(const TokenPairs& pairs, const BatchLimits& limits, Random random) {
  std::vector<std::uint32_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(order);
  const auto lengths = [&](std::uint32_t i) { return std::pair(pairs.target.length(i), pairs.source.length(i)); };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return lengths(a) < lengths(b); });

  std::vector<BatchIndices> batches;
  BatchLimits filled;  // of the last batch
  for (const std::uint32_t i : order) {
    const std::int64_t source = std::ssize(pairs.source[i]) + 1;  // its end
    const std::int64_t target = std::ssize(pairs.target[i]) + 1;
    if (batches.empty() || filled.sentences == limits.sentences ||
        filled.source_tokens + source > limits.source_tokens || filled.target_tokens + target > limits.target_tokens) {
      batches.emplace_back();
      filled = {0, 0, 0};
    }
    batches.back().push_back(i);
    filled.sentences += 1;
    filled.source_tokens += source;
    filled.target_tokens += target;
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

}  // namespace isthmus
