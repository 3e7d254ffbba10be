// Which pairs stand together in which batch, from the first update to the last.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <span>
#include <vector>

#include "core/random.h"
#include "corpora/token_store.h"
#include "training/batches.h"

namespace isthmus {

/// What the batches are made of. `read` gives the pairs of these numbers, in this order; it is called from a thread of
/// its own, and may use the random stream to cut their lines anew.
struct PairSource {
  std::uint64_t pairs = 0;
  std::uint64_t source_tokens = 0;  ///< of all pairs together, without their ends
  std::uint64_t target_tokens = 0;
  std::function<TokenPairs(std::span<const std::uint64_t> numbers, Random random)> read;
};

/// The batches of epoch after epoch, each pair once in each. The random order of an epoch is computed, not stored. Of
/// it, `bucket` batches' worth of pairs at a time, a pool, are read, sorted by length, cut and shuffled (make_batches);
/// so a batch has sentences of like length, its company changes from epoch to epoch, and memory is that of two pools:
/// while one is used, the next is made.
///
/// A pool is a function of the random stream, the epoch and its number. So a place in the data is two numbers, and
/// whoever goes there gets the batches that follow.
class BatchStream {
 public:
  /// Pairs of a pool: of the usual length, they fill `bucket` batches.
  static std::uint64_t pool_size(const PairSource& source, const BatchLimits& limits, std::int64_t bucket);

  BatchStream(PairSource source, const BatchLimits& limits, std::int64_t bucket, Random random);
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  /// Goes to the place where `done` pairs of an epoch have been given. False, and the stream is no longer of use, when
  /// no batch begins there.
  bool seek(std::int64_t epoch, std::int64_t done);

  /// The next batch; after the last of an epoch comes the first of the next. seek() must have been called.
  Batch next();

 private:
  struct Place {
    std::uint64_t epoch = 0;
    std::uint64_t pool = 0;  // of the epoch
  };
  struct Pool {
    TokenPairs pairs;
    std::vector<std::uint64_t> numbers;  // of the pairs in the source
    std::vector<BatchIndices> batches;
  };

  Place after(Place place) const;
  Pool make_pool(Place place) const;
  void enter(Place place, Pool pool);

  PairSource source_;
  BatchLimits limits_;
  Random random_;
  std::uint64_t pool_pairs_;
  Place place_;
  Pool pool_;
  std::size_t batch_ = 0;  // the next of the pool
  std::future<Pool> next_;
};

}  // namespace isthmus
