#include "training/batch_stream.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/permutation.h"

namespace isthmus {
std::uint64_t BatchStream::pool_size(const PairSource& source, const BatchLimits& limits, std::int64_t bucket) {
  const auto pairs = static_cast<double>(source.pairs);
  const auto fit = [&](std::int64_t limit, std::uint64_t tokens) {
    return static_cast<double>(limit) / (static_cast<double>(tokens) / pairs + 1);
  };
  const double typical =
      std::min({static_cast<double>(limits.sentences), fit(limits.source_tokens, source.source_tokens),
                fit(limits.target_tokens, source.target_tokens)});
  return static_cast<std::uint64_t>(std::min(pairs, static_cast<double>(bucket) * std::max(1.0, std::floor(typical))));
}

BatchStream::BatchStream(PairSource source, const BatchLimits& limits, std::int64_t bucket, Random random)
    : source_(std::move(source)), limits_(limits), random_(random), pool_pairs_(pool_size(source_, limits, bucket)) {
  assert(source_.pairs > 0);
}

BatchStream::Place BatchStream::after(Place place) const {
  const bool last = (place.pool + 1) * pool_pairs_ >= source_.pairs;
  return last ? Place{place.epoch + 1, 0} : Place{place.epoch, place.pool + 1};
}

BatchStream::Pool BatchStream::make_pool(Place place) const {
  const Random random = random_.split(place.epoch);
  const Permutation order(source_.pairs, random.split(0));
  const std::uint64_t begin = place.pool * pool_pairs_, end = std::min(begin + pool_pairs_, source_.pairs);
  std::vector<std::uint64_t> numbers;
  numbers.reserve(end - begin);
  for (std::uint64_t i = begin; i < end; ++i) numbers.push_back(order(i));
  std::sort(numbers.begin(), numbers.end());  // as they lie in the file; make_batches shuffles
  Pool pool;
  pool.pairs = source_.read(numbers, random.split(1).split(place.pool));
  pool.batches = make_batches(pool.pairs, limits_, random.split(2).split(place.pool));
  pool.numbers = std::move(numbers);
  return pool;
}

void BatchStream::enter(Place place, Pool pool) {
  place_ = place;
  pool_ = std::move(pool);
  batch_ = 0;
  next_ = std::async(std::launch::async, [this, next = after(place)] { return make_pool(next); });
}

bool BatchStream::seek(std::int64_t epoch, std::int64_t done) {
  if (done < 0 || static_cast<std::uint64_t>(done) >= source_.pairs) return false;
  const Place place{static_cast<std::uint64_t>(epoch), static_cast<std::uint64_t>(done) / pool_pairs_};
  enter(place, make_pool(place));
  auto left = static_cast<std::int64_t>(static_cast<std::uint64_t>(done) % pool_pairs_);
  while (left > 0) left -= std::ssize(pool_.batches[batch_++]);
  return left == 0;
}

Batch BatchStream::next() {
  assert(next_.valid());
  if (batch_ == pool_.batches.size()) enter(after(place_), next_.get());
  const BatchIndices& indices = pool_.batches[batch_++];
  Batch batch = gather(pool_.pairs, indices);
  for (const std::uint32_t i : indices) batch.numbers.push_back(pool_.numbers[i]);
  return batch;
}

}  // namespace isthmus
