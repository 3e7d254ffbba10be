#include "training/weighted_batch.h"

#include <algorithm>

namespace isthmus {

std::int64_t WeightedBatch::target_tokens() const {
  std::size_t tokens = targets.size();
  for (const WeightedTarget& target : targets) tokens += target.tokens.size();
  return static_cast<std::int64_t>(tokens);
}

WeightedBatch teacher_forced(const Batch& batch, double label_smoothing) {
  WeightedBatch weighted{.source = batch.source, .targets = {}, .label_smoothing = label_smoothing};
  const float weight = 1.0f / static_cast<float>(batch.target_tokens());
  weighted.targets.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    weighted.targets.push_back({.source = static_cast<Index>(i),
                                .tokens = batch.target[i],
                                .weights = std::vector<float>(batch.target[i].size() + 1, weight),
                                .inputs = {}});
  }
  return weighted;
}

std::vector<WeightedBatch> make_shards(const WeightedBatch& batch, std::int64_t shards) {
  std::vector<WeightedBatch> parts(static_cast<std::size_t>(shards));
  for (WeightedBatch& part : parts) {
    part.label_smoothing = batch.label_smoothing;
    part.dropout = batch.dropout;
  }
  for (std::size_t i = 0; i < batch.source.size(); ++i) parts[i % parts.size()].source.push_back(batch.source[i]);
  for (const WeightedTarget& target : batch.targets) {
    const auto source = static_cast<std::size_t>(target.source);
    WeightedBatch& part = parts[source % parts.size()];
    part.targets.push_back(target);
    part.targets.back().source = static_cast<Index>(source / parts.size());
  }
  return parts;
}

std::int64_t rounds_of(const WeightedBatch& batch, std::int64_t shards, const RoundLimits& limits) {
  struct Tokens {
    std::int64_t source = 0, target = 0;
  };
  std::vector<Tokens> of_source(batch.source.size());
  for (std::size_t i = 0; i < batch.source.size(); ++i) of_source[i].source = std::ssize(batch.source[i]) + 1;
  for (const WeightedTarget& target : batch.targets) {
    of_source[static_cast<std::size_t>(target.source)].target += std::ssize(target.tokens) + 1;
  }
  std::int64_t rounds = 1;
  for (; rounds * shards < std::ssize(batch.source); rounds *= 2) {
    std::vector<Tokens> of_round(static_cast<std::size_t>(rounds));
    for (std::size_t i = 0; i < of_source.size(); ++i) {
      Tokens& round = of_round[i % static_cast<std::size_t>(rounds * shards) / static_cast<std::size_t>(shards)];
      round.source += of_source[i].source;
      round.target += of_source[i].target;
    }
    if (std::all_of(of_round.begin(), of_round.end(), [&](const Tokens& round) {
          return round.source <= limits.source_tokens && round.target <= limits.target_tokens;
        })) {
      break;
    }
  }
  return rounds;
}

}  // namespace isthmus
