#include "core/random.h"

#include <algorithm>
#include <numeric>

#include "tests/catch.h"

namespace isthmus {
namespace {

// The constants come from another implementation of the same formulas; they may never change, or old runs could not be
// repeated.
TEST_CASE("a seed gives the same numbers on every machine") {
  Random zero;
  CHECK(zero.bits() == 0xa706dd2f4d197e6f);
  CHECK(zero.bits() == 0xb382a305f4414f5e);
  CHECK(zero.bits() == 0x631a9154fbabf717);
  Random other(42);
  CHECK(other.bits() == 0x57e1faba65107204);
  Random split = Random(42).split(7).split(3);
  CHECK(split.bits() == 0x8de64ce4009cec6f);
  CHECK(split.bits() == 0x759fdad35d3a691e);
  Random uniform(42);
  CHECK(uniform.uniform() == 0.34329192209867343);
  CHECK(uniform.uniform() == 0.9557467261317436);
}

TEST_CASE("many draws at once are the draws one by one") {
  Random one(42);
  Random many(42);
  many.bits();
  one.bits();
  for (const std::size_t count : {0u, 1u, 7u, 100u}) {
    std::vector<std::uint64_t> words(count);
    many.fill(words);
    for (const std::uint64_t word : words) CHECK(word == one.bits());
  }
  CHECK(many.bits() == one.bits());
}

TEST_CASE("numbers below n are the same on every machine") {
  Random small(5);
  std::vector<std::uint64_t> drawn(10);
  for (auto& number : drawn) number = small.below(10);
  CHECK(drawn == std::vector<std::uint64_t>{9, 1, 8, 7, 2, 9, 8, 6, 5, 7});
  // Just over half of all numbers: about every other draw is thrown away.
  Random large(5);
  for (const std::uint64_t expected :
       {976468364222543940u, 7176140390801847821u, 2064796413822937069u, 7939364472418593347u}) {
    CHECK(large.below((std::uint64_t{1} << 63) + 1) == expected);
  }
}

TEST_CASE("a split stream does not depend on what was drawn") {
  Random fresh(3);
  Random used(3);
  for (int i = 0; i < 5; ++i) used.bits();
  CHECK(fresh.split(9).bits() == used.split(9).bits());
}

TEST_CASE("streams of different labels, and the stream they come from, have nothing in common") {
  std::vector<std::uint64_t> seen;
  Random parent(1);
  for (int i = 0; i < 100; ++i) seen.push_back(parent.bits());
  for (std::uint64_t label = 0; label < 100; ++label) {
    Random child = parent.split(label);
    Random grandchild = child.split(label);
    for (int i = 0; i < 10; ++i) {
      seen.push_back(child.bits());
      seen.push_back(grandchild.bits());
    }
  }
  std::sort(seen.begin(), seen.end());
  CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

TEST_CASE("numbers below n are evenly spread") {
  const std::uint64_t n = GENERATE(1, 2, 3, 7, 10);
  constexpr int kDraws = 20000;
  std::vector<int> counts(n);
  Random random(11);
  for (int i = 0; i < kDraws; ++i) ++counts.at(random.below(n));
  const double expected = double{kDraws} / static_cast<double>(n);
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - expected) * (count - expected) / expected;
  CHECK(chi_square < 28);  // one in a thousand for 9 degrees of freedom
}

// n = 2^64·2/3: without rejection the lower half of the results would come up twice as often as the upper.
TEST_CASE("numbers below an n that does not divide the range have no bias") {
  const std::uint64_t n = 0xaaaaaaaaaaaaaaaa;
  Random random(2);
  int lower = 0;
  for (int i = 0; i < 10000; ++i) lower += random.below(n) < n / 2 ? 1 : 0;
  CHECK(std::abs(lower - 5000) < 200);
  int even = 0;  // where the bias of a plain product lies
  for (int i = 0; i < 10000; ++i) even += random.below(n) % 2 == 0 ? 1 : 0;
  CHECK(std::abs(even - 5000) < 200);
}

TEST_CASE("uniform numbers lie in [0, 1) with mean 1/2, normal ones have mean 0 and variance 1") {
  Random random(4);
  double sum = 0;
  double normal_sum = 0;
  double squares = 0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    REQUIRE(u >= 0.0);
    REQUIRE(u < 1.0);
    sum += u;
    const double z = random.normal();
    REQUIRE(std::isfinite(z));
    normal_sum += z;
    squares += z * z;
  }
  CHECK(sum / kDraws == Approx(0.5).margin(0.01));
  CHECK(normal_sum / kDraws == Approx(0.0).margin(0.03));
  CHECK(squares / kDraws == Approx(1.0).margin(0.05));
}

TEST_CASE("shuffling permutes, the same way for the same seed") {
  std::vector<int> items(10);
  std::iota(items.begin(), items.end(), 0);
  Random random(1);
  random.shuffle(items);
  CHECK(items == std::vector<int>{6, 4, 7, 2, 9, 1, 5, 0, 8, 3});
  std::vector<int> none;
  random.shuffle(none);
  CHECK(none.empty());
}

TEST_CASE("shuffling gives all orders alike") {
  std::vector<int> counts(6);
  Random random(8);
  for (int i = 0; i < 6000; ++i) {
    std::vector<int> items = {0, 1, 2};
    random.shuffle(items);
    ++counts.at(static_cast<std::size_t>(items[0] * 2 + (items[1] > items[2] ? 1 : 0)));
  }
  for (const int count : counts) CHECK(std::abs(count - 1000) < 120);
}

}  // namespace
}  // namespace isthmus
