#include "distributed/all_reduce.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "core/random.h"
#include "tests/catch.h"
#include "tests/distributed/thread_wire.h"

namespace isthmus {
namespace {

/// Numbers of very different sizes, so that another order of additions gives other bits.
std::vector<float> terms(std::size_t rank, std::size_t count) {
  Random random = Random(7).split(rank);
  std::vector<float> values(count);
  for (float& value : values) {
    value = static_cast<float>((random.uniform() - 0.5) * std::exp(20.0 * (random.uniform() - 0.5)));
  }
  return values;
}

/// The tree of the header, by the letter.
float naive_sum(const std::vector<std::vector<float>>& all, std::size_t i, std::size_t lo, std::size_t hi) {
  if (hi - lo == 1) return all[lo][i];
  const std::size_t mid = (lo + hi) / 2;
  return naive_sum(all, i, lo, mid) + naive_sum(all, i, mid, hi);
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::ranges::equal(std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
}

std::vector<std::vector<float>> reduced(std::size_t ranks, std::size_t count) {
  std::vector<std::vector<float>> results(ranks);
  run_world(ranks, [&](Communicator& world) {
    std::vector<float> values = terms(world.rank(), count);
    world.sum(std::span(values));
    results[world.rank()] = values;
  });
  return results;
}

TEST_CASE("the sum over the ranks is the tree by halves, bit for bit, for any world and any length") {
  const std::size_t ranks = GENERATE(1, 2, 3, 4, 5, 7, 8);
  const std::size_t count = GENERATE(0, 1, 3, 17, 1023, 300'001);
  std::vector<std::vector<float>> all;
  for (std::size_t rank = 0; rank < ranks; ++rank) all.push_back(terms(rank, count));
  std::vector<float> expected(count);
  for (std::size_t i = 0; i < count; ++i) expected[i] = naive_sum(all, i, 0, ranks);
  for (const std::vector<float>& result : reduced(ranks, count)) {
    INFO(ranks << " ranks, " << count << " numbers");
    CHECK(same_bits(result, expected));
  }
}

TEST_CASE("buffers of many pieces are summed as small ones are") {
  // At two ranks, a piece has 32,768 numbers.
  const std::size_t ranks = GENERATE(2, 3);
  const std::size_t count = 4'000'003;
  std::vector<std::vector<float>> all;
  for (std::size_t rank = 0; rank < ranks; ++rank) all.push_back(terms(rank, count));
  std::vector<float> expected(count);
  for (std::size_t i = 0; i < count; ++i) expected[i] = naive_sum(all, i, 0, ranks);
  for (const std::vector<float>& result : reduced(ranks, count)) CHECK(same_bits(result, expected));
}

TEST_CASE("eight shards give the same bits in worlds of 1, 2, 4 and 8") {
  const std::size_t count = 1001;
  std::vector<std::vector<float>> shards;
  for (std::size_t shard = 0; shard < 8; ++shard) shards.push_back(terms(shard, count));
  std::vector<float> expected(count);
  for (std::size_t i = 0; i < count; ++i) expected[i] = naive_sum(shards, i, 0, 8);
  for (const std::size_t ranks : {1u, 2u, 4u, 8u}) {
    run_world(ranks, [&](Communicator& world) {
      const std::size_t own = 8 / ranks;
      std::vector<float> values(count);
      for (std::size_t i = 0; i < count; ++i) {
        values[i] = naive_sum(shards, i, world.rank() * own, (world.rank() + 1) * own);
      }
      world.sum(std::span(values));
      if (!same_bits(values, expected)) throw std::runtime_error("other bits");
    });
  }
}

TEST_CASE("a rank sends 2 (n - 1) / n of the buffer") {
  const std::size_t ranks = GENERATE(1, 2, 3, 4, 8);
  const std::size_t count = 1'000'000;
  const double theory =
      2.0 * static_cast<double>(ranks - 1) / static_cast<double>(ranks) * 4.0 * static_cast<double>(count);
  run_world(ranks, [&](Communicator& world) {
    std::vector<float> values(count, 1.0f);
    world.sum(std::span(values));
    // Segments begin at cache lines.
    if (std::abs(static_cast<double>(world.bytes_sent()) - theory) > 64.0 * 2.0 * static_cast<double>(ranks)) {
      throw std::runtime_error(std::to_string(world.bytes_sent()) + " bytes, not " + std::to_string(theory));
    }
  });
}

TEST_CASE("what is not a number stays so, on every rank") {
  run_world(3, [](Communicator& world) {
    std::vector<float> values(100, 1.0f);
    if (world.rank() == 1) values[40] = std::nanf("");
    if (world.rank() == 2) values[41] = INFINITY;
    world.sum(std::span(values));
    if (!std::isnan(values[40]) || !std::isinf(values[41]) || values[42] != 3.0f) throw std::runtime_error("lost");
  });
}

}  // namespace
}  // namespace isthmus
