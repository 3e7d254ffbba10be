#include "training/batches.h"

#include <algorithm>
#include <numeric>

namespace isthmus {

std::vector<BatchIndices> make_batches(std::span<const std::uint32_t> source_lengths,
                                       std::span<const std::uint32_t> target_lengths, const BatchOptions& options,
                                       Random random) {
  std::vector<std::uint32_t> order(source_lengths.size());
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(order);

  const std::int64_t end_token = 1;
  std::int64_t typical = options.sentences;
  if (options.tokens > 0 && !order.empty()) {
    std::int64_t all = 0;
    for (const std::uint32_t length : target_lengths) all += length + end_token;
    typical = std::max<std::int64_t>(
        1, options.tokens * static_cast<std::int64_t>(order.size()) / std::max<std::int64_t>(all, 1));
  }
  const auto pool = static_cast<std::size_t>(
      std::min<std::int64_t>(options.bucket * typical, static_cast<std::int64_t>(order.size())));

  std::vector<BatchIndices> batches;
  for (std::size_t begin = 0; begin < order.size(); begin += pool) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(begin + pool, order.size()));
    std::stable_sort(first, last, [&](std::uint32_t a, std::uint32_t b) {
      return target_lengths[a] != target_lengths[b] ? target_lengths[a] < target_lengths[b]
                                                    : source_lengths[a] < source_lengths[b];
    });
    BatchIndices batch;
    std::int64_t tokens = 0;
    for (auto it = first; it != last; ++it) {
      const std::int64_t more = target_lengths[*it] + end_token;
      const bool full = options.tokens > 0 ? tokens + more > options.tokens
                                           : static_cast<std::int64_t>(batch.size()) >= options.sentences;
      if (full && !batch.empty()) {
        batches.push_back(std::move(batch));
        batch.clear();
        tokens = 0;
      }
      batch.push_back(*it);
      tokens += more;
    }
    if (!batch.empty()) batches.push_back(std::move(batch));
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
