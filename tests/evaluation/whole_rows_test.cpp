#include "evaluation/whole_rows.h"

#include <cmath>
#include <limits>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

std::vector<double> numbers(std::size_t count, std::int64_t least, std::int64_t most, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(count);
  for (double& value : values) {
    value = static_cast<double>(least +
                                static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least + 1))));
  }
  return values;
}

}  // namespace

TEST_CASE("sums of chosen rows are those of a loop, however wide the rows") {
  for (const std::size_t width : {1, 2, 10, 16, 17, 18, 24, 40}) {
    const std::size_t rows = 100;
    const std::vector<double> values = numbers(rows * width, -32767, 32767, width);
    const auto whole = WholeRows::make(values, width);
    REQUIRE(whole);
    std::vector<std::uint32_t> chosen;
    std::vector<std::uint64_t> bits(2, 0);
    Random random(3);
    for (int i = 0; i < 250; ++i) chosen.push_back(static_cast<std::uint32_t>(random.below(rows)));
    for (const std::size_t i : {0, 5, 63, 64, 65, 99}) bits[i / 64] |= std::uint64_t{1} << (i % 64);
    std::vector<double> expected(width, 0), expected_where(width, 0), sums(width), where(width);
    for (std::size_t column = 0; column < width; ++column) {
      for (const std::uint32_t row : chosen) expected[column] += values[row * width + column];
      for (const std::size_t row : {0, 5, 63, 64, 65, 99}) expected_where[column] += values[row * width + column];
    }
    whole->sum(chosen, sums);
    whole->sum_where(bits, where);
    CHECK(sums == expected);
    CHECK(where == expected_where);
  }
}

TEST_CASE("sums do not overflow, however many rows there are") {
  const auto whole = WholeRows::make(std::vector<double>{32767, -32767}, 2);
  std::vector<double> sums(2);
  whole->sum(std::vector<std::uint32_t>(300000, 0), sums);
  CHECK(sums == std::vector<double>{32767 * 300000.0, -32767 * 300000.0});
}

TEST_CASE("numbers that are not small and whole have no short form") {
  for (const double odd : {0.5, 32768.0, -32768.0, 1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    CHECK_FALSE(WholeRows::make(std::vector<double>{1, odd}, 2));
  }
  const auto high = WholeRows::make(std::vector<double>{32767, 5}, 2),
             low = WholeRows::make(std::vector<double>{-1, 3}, 2);
  CHECK_FALSE(WholeRows::difference(*high, *low));
  std::vector<double> sums(2);
  WholeRows::difference(*low, *low)->sum(std::vector<std::uint32_t>{0, 0}, sums);
  CHECK(sums == std::vector<double>{0, 0});
}
