#include "core/permutation.h"

#include <vector>

#include "tests/catch.h"

namespace isthmus {
namespace {

std::vector<std::uint64_t> all_of(const Permutation& permutation) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t i = 0; i < permutation.size(); ++i) all.push_back(permutation(i));
  return all;
}

TEST_CASE("a permutation meets each number once") {
  for (std::uint64_t size : {1, 2, 3, 4, 5, 8, 9, 10, 99, 100, 101, 1024, 65537}) {
    CAPTURE(size);
    std::vector<bool> met(size);
    for (const std::uint64_t i : all_of(Permutation(size, Random(size)))) {
      REQUIRE(i < size);
      CHECK_FALSE(met[i]);
      met[i] = true;
    }
  }
}

TEST_CASE("every size up to a hundred, under several keys") {
  for (std::uint64_t size = 1; size <= 100; ++size) {
    for (std::uint64_t key = 0; key < 5; ++key) {
      std::uint64_t sum = 0, squares = 0;
      for (const std::uint64_t i : all_of(Permutation(size, Random(key)))) {
        sum += i;
        squares += i * i;
      }
      CHECK(sum == size * (size - 1) / 2);
      CHECK(squares == (size - 1) * size * (2 * size - 1) / 6);
    }
  }
}

TEST_CASE("the same stream gives the same permutation, another another") {
  CHECK(all_of(Permutation(1000, Random(1))) == all_of(Permutation(1000, Random(1))));
  CHECK(all_of(Permutation(1000, Random(1))) != all_of(Permutation(1000, Random(2))));
  // A resumed run relies on it.
  CHECK(all_of(Permutation(10, Random(1))) == std::vector<std::uint64_t>{1, 8, 6, 0, 3, 4, 2, 5, 7, 9});
}

TEST_CASE("each number goes everywhere, about as often") {
  const std::uint64_t size = GENERATE(2, 3, 7, 10);
  constexpr std::uint64_t kKeys = 20000;
  std::vector<std::uint64_t> count(size * size);
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const Permutation permutation(size, Random(key));
    for (std::uint64_t i = 0; i < size; ++i) ++count[i * size + permutation(i)];
  }
  const double expected = static_cast<double>(kKeys) / static_cast<double>(size);
  for (const std::uint64_t times : count) CHECK(static_cast<double>(times) == Approx(expected).epsilon(0.1));
}

TEST_CASE("neighbours are torn apart, and no part of the order prefers a part of the numbers") {
  constexpr std::uint64_t kSize = 1000003;
  const Permutation permutation(kSize, Random(5));
  std::uint64_t close = 0;
  std::vector<std::uint64_t> cells(100);
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const std::uint64_t here = permutation(i), next = permutation(i + 1);
    close += std::max(here, next) - std::min(here, next) < kSize / 100 ? 1 : 0;
    ++cells[here * 100 / kSize];
  }
  CHECK(static_cast<double>(close) == Approx(1990).epsilon(0.15));  // 2 % of all, less a little at the ends
  for (const std::uint64_t cell : cells) CHECK(static_cast<double>(cell) == Approx(1000).epsilon(0.2));
}

TEST_CASE("large sizes take no more memory or time") {
  const Permutation permutation(std::uint64_t{1} << 50, Random(5));
  for (std::uint64_t i = 0; i < 1000; ++i) CHECK(permutation(i) < permutation.size());
}

}  // namespace
}  // namespace isthmus
