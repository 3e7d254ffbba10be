#include "analysis/estimates.h"

#include <cmath>

#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("A mean's interval is that of the normal distribution for many values") {
  Random random(3);
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(5 + random.normal());
  const Estimate mean = mean_estimate(values, 2000, 1);
  CHECK(mean.value == Approx(5).margin(0.15));
  CHECK(mean.high - mean.low == Approx(2 * 1.96 / 20).epsilon(0.15));
  CHECK(mean_estimate(values, 2000, 1).low == mean.low);
  CHECK(std::isnan(mean_estimate(std::vector<double>{1.0}, 10, 1).low));
  CHECK(std::isnan(ratio_of_sums(std::vector<double>{1, 2}, std::vector<double>{0, 0}, 10, 1).value));
}

TEST_CASE("An exponential is found again, and what does not fall has no half-life") {
  std::vector<double> x, y, even, weights;
  for (int i = 0; i < 10; ++i) {
    x.push_back(i);
    y.push_back(3 * std::exp2(-i / 4.0));
    even.push_back(2);
    weights.push_back(1 + i % 3);
  }
  y[7] = -1;  // left out
  CHECK(fit_exponential(x, y, weights).half_life == Approx(4));
  CHECK(fit_exponential(x, y, weights).amplitude == Approx(3));
  CHECK(std::isinf(fit_exponential(x, even, weights).half_life));
  CHECK(std::isnan(fit_exponential(std::vector<double>{1}, std::vector<double>{1}, std::vector<double>{1}).rate));
}

TEST_CASE("Rank correlation: any rising curve is 1, and ties share a rank") {
  const std::vector<double> x{1, 2, 3, 4}, cubes{1, 8, 27, 64}, falling{4, 3, 2, 1}, ties{1, 1, 2, 2}, same{1, 1, 1, 1};
  CHECK(spearman(x, cubes) == Approx(1));
  CHECK(spearman(x, falling) == Approx(-1));
  CHECK(spearman(x, ties) == Approx(std::sqrt(0.8)));
  CHECK(std::isnan(spearman(x, same)));
}
