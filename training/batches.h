// Which sentences stand together in a batch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"
#include "training/training_options.h"

namespace isthmus {

/// Numbers of the pairs of a batch.
using BatchIndices = std::vector<std::uint32_t>;

/// The batches of one epoch, each pair once. Random pairs are taken `bucket` batches at a time, sorted by length
/// (target, then source, equal ones in random order) and cut; then the batches are shuffled. So a batch has sentences
/// of like length, and its company changes from epoch to epoch. Lengths are those of the sides in pieces, without begin
/// and end. The same random stream gives the same batches.
std::vector<BatchIndices> make_batches(std::span<const std::uint32_t> source_lengths,
                                       std::span<const std::uint32_t> target_lengths, const BatchOptions& options,
                                       Random random);

/// Cuts a batch into `shards` parts of like size and length, some of them empty if the batch is small.
std::vector<BatchIndices> make_shards(const BatchIndices& batch, std::int64_t shards);

}  // namespace isthmus
