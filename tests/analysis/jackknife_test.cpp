#include "analysis/jackknife.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("Every sentence is left out with one of twenty blocks") {
  const auto kept = all_but_one_block(45, 3);
  REQUIRE(kept.size() == kJackknifeBlocks);
  std::vector<int> left_out(45, 20);
  for (const auto& numbers : kept) {
    CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    for (const Index i : numbers) --left_out[static_cast<std::size_t>(i)];
  }
  CHECK(left_out == std::vector<int>(45, 1));
  CHECK(all_but_one_block(45, 4) != kept);
  CHECK(all_but_one_block(39, 3).empty());
}

TEST_CASE("Of a mean the jackknife is the interval of Student's t, which holds the truth") {
  // For one sentence a block, the jackknife's standard error is s/√n.
  int held = 0;
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    Random random = Random(9).split(trial);
    std::vector<double> values(200);
    for (double& one : values) one = 2 + random.normal();
    const auto mean_of = [&](const std::vector<Index>& numbers) {
      double sum = 0;
      for (const Index i : numbers) sum += values[static_cast<std::size_t>(i)];
      return sum / static_cast<double>(numbers.size());
    };
    std::vector<double> without;
    for (const auto& numbers : all_but_one_block(values.size(), 1)) without.push_back(mean_of(numbers));
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 200;
    const Estimate estimate = jackknife(mean, without);
    CHECK(estimate.value == mean);
    if (estimate.low < 2 && 2 < estimate.high) ++held;
  }
  CHECK(held > 366);  // 380 expected, standard deviation 4.4
  CHECK(held < 394);
  CHECK(std::isnan(jackknife(1.0, {}).low));
}
