// What an objective makes of a batch: translations and how much their tokens weigh.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "model/matrix.h"
#include "training/batches.h"

namespace isthmus {

/// A translation to be made more probable, or less.
struct WeightedTarget {
  Index source = 0;  ///< number of its source in the batch
  Sentence tokens;
  std::vector<float> weights;  ///< of each token and of the end
  Sentence inputs;             ///< what the decoder reads before each token and the end; empty: begin, then the tokens
};

/// The loss of a batch is Σ −w·log p over the tokens of all targets. Every objective is a choice of targets and
/// weights: teacher forcing has the reference with 1/tokens, training at sequence level has candidates with their
/// rewards.
struct WeightedBatch {
  std::vector<Sentence> source;
  std::vector<WeightedTarget> targets;  ///< those of a source together, sources in their order
  double label_smoothing = 0.0;
  bool dropout = true;

  /// With their ends.
  std::int64_t target_tokens() const;
};

/// The references, with the mean over their tokens as the loss.
WeightedBatch teacher_forced(const Batch& batch, double label_smoothing);

/// Cuts a batch into `shards` parts of like size and length, some of them empty if the batch is small: source i, with
/// its targets, is of shard i modulo their number.
std::vector<WeightedBatch> make_shards(const WeightedBatch& batch, std::int64_t shards);

/// The most tokens, ends included, that are run at once, forward and backward. A batch with more is run in rounds of
/// as many shards as one without, so that memory holds the activations of a round and not of a batch.
struct RoundLimits {
  std::int64_t source_tokens = std::numeric_limits<std::int64_t>::max();
  std::int64_t target_tokens = std::numeric_limits<std::int64_t>::max();
  /// Rounds are added up one after the other, which takes no arenas for sums that wait; but ranks would add up
  /// otherwise.
  bool in_turn = false;

  bool operator==(const RoundLimits&) const = default;
};

/// Rounds of `shards` shards that a batch needs: a power of two, the least that keeps the limits, or as many as leave
/// each shard a source at most.
std::int64_t rounds_of(const WeightedBatch& batch, std::int64_t shards, const RoundLimits& limits);

}  // namespace isthmus
