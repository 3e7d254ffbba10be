// Which sentences stand together in a batch.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "corpora/token_store.h"
#include "training/training_options.h"

namespace isthmus {

/// Numbers of the pairs of a batch.
using BatchIndices = std::vector<std::uint32_t>;

/// Puts each pair into one batch: they are sorted by length (target, then source, equal ones in random order) and cut;
/// then the batches are shuffled. The same random stream gives the same batches.
std::vector<BatchIndices> make_batches(const TokenPairs& pairs, const BatchOptions& options, Random random);

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

/// Cuts a batch into `shards` parts of like size and length, some of them empty if the batch is small.
std::vector<Batch> make_shards(const Batch& batch, std::int64_t shards);

}  // namespace isthmus
