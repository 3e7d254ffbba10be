// Which sentences stand together in a batch.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/random.h"
#include "corpora/token_store.h"
#include "training/training_options.h"

namespace isthmus {

/// Numbers of the pairs of a batch.
using BatchIndices = std::vector<std::uint32_t>;

/// The most that a batch holds, the ends of its sentences included. A pair that is larger has a batch of its own.
struct BatchLimits {
  std::int64_t sentences = 64;
  std::int64_t source_tokens = std::numeric_limits<std::int64_t>::max();
  std::int64_t target_tokens = std::numeric_limits<std::int64_t>::max();

  bool operator==(const BatchLimits&) const = default;
};
/// Those of --batch-sentences or --batch-tokens.
BatchLimits batch_limits(const BatchOptions& options);

/// Puts each pair into one batch: they are sorted by length (target, then source, equal ones in random order) and cut;
/// then the batches are shuffled. The same random stream gives the same batches.
std::vector<BatchIndices> make_batches(const TokenPairs& pairs, const BatchLimits& limits, Random random);

/// The sentences of a batch: source[i] and target[i] are a pair.
struct Batch {
  std::vector<Sentence> source;
  std::vector<Sentence> target;

  std::size_t size() const { return source.size(); }
  /// Target tokens that are learned, the end of each sentence included.
  std::int64_t target_tokens() const;
};

/// Copies the pairs of a batch out of a corpus.
Batch gather(const TokenPairs& pairs, const BatchIndices& indices);

/// Cuts a batch into `shards` parts of like size and length, some of them empty if the batch is small: sentence i is of
/// shard i modulo their number.
std::vector<Batch> make_shards(const Batch& batch, std::int64_t shards);

/// The most tokens, ends included, that are run at once, forward and backward. A batch with more is run in rounds of
/// as many shards as one without, so that memory holds the activations of a round and not of a batch.
struct RoundLimits {
  std::int64_t source_tokens = std::numeric_limits<std::int64_t>::max();
  std::int64_t target_tokens = std::numeric_limits<std::int64_t>::max();

  bool operator==(const RoundLimits&) const = default;
};

/// Rounds of `shards` shards that a batch needs: a power of two, the least that keeps the limits, or as many as leave
/// each shard a sentence at most.
std::int64_t rounds_of(const Batch& batch, std::int64_t shards, const RoundLimits& limits);

}  // namespace isthmus
