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
  std::vector<std::uint64_t> numbers = {};  ///< of the pairs in the corpus; may be empty

  std::size_t size() const { return source.size(); }
  /// Target tokens that are learned, the end of each sentence included.
  std::int64_t target_tokens() const;
};

/// Copies the pairs of a batch out of a corpus.
Batch gather(const TokenPairs& pairs, const BatchIndices& indices);

}  // namespace isthmus
