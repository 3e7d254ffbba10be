#include "analysis/sentence_pairs.h"

#include <cmath>
#include <set>

#include "analysis/estimates.h"
#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("All pairs are taken where they are few, else so many are drawn") {
  const auto all = sample_pairs(6, 15, Random(1));
  std::set<std::pair<std::size_t, std::size_t>> different;
  for (const ComparedPair& pair : all) {
    CHECK(pair.a < pair.b);
    different.insert({pair.a, pair.b});
  }
  CHECK(different.size() == 15);
  const auto drawn = sample_pairs(6, 14, Random(1));
  CHECK(drawn.size() == 14);
  for (const ComparedPair& pair : drawn) CHECK((pair.a < pair.b && pair.b < 6));
  CHECK(sample_pairs(1, 14, Random(1)).empty());
}

TEST_CASE("A weighted rank correlation is that of values which are there so many times") {
  Random random(4);
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> x(12), y(12), weights(12), many_x, many_y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<double>(random.below(6));  // ties
      y[i] = x[i] + random.normal();
      weights[i] = static_cast<double>(random.below(4));
      for (double w = 0; w < weights[i]; ++w) {
        many_x.push_back(x[i]);
        many_y.push_back(y[i]);
      }
    }
    CHECK(internal::WeightedSpearman(x, y)(weights) == Approx(spearman(many_x, many_y)).margin(1e-12));
  }
}

TEST_CASE("The interval over sentences holds the truth of pairs that share sentences") {
  // Both measures depend on the sentences of a pair, but not on each other: the correlation is 0.
  const auto pairs = sample_pairs(40, 1000, Random(1));
  int held = 0;
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    Random random = Random(8).split(trial);
    std::vector<double> first(40), second(40), x, y;
    for (std::size_t i = 0; i < 40; ++i) {
      first[i] = random.normal();
      second[i] = random.normal();
    }
    for (const ComparedPair& pair : pairs) {
      x.push_back(first[pair.a] + first[pair.b]);
      y.push_back(second[pair.a] + second[pair.b]);
    }
    const Estimate estimate = spearman_of_pairs(pairs, x, y, 40, 100, 1);
    CHECK(estimate.value == Approx(spearman(x, y)));
    if (estimate.low <= 0 && 0 <= estimate.high) ++held;
  }
  CHECK(held >= 85);
}
