#include "analysis/forward_selection.h"

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

Matrix<float> noise(Index rows, Index columns, std::uint64_t seed) {
  Random random(seed);
  Matrix<float> x(rows, columns);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(random.normal());
  return x;
}

}  // namespace

TEST_CASE("Selection finds the features that a number is made of, and their weights") {
  Matrix<float> x = noise(9, 400, 1);
  x.row(4).array() += 100.0f;  // what is constant changes nothing
  x.row(7) = 2 * x.row(4);     // nor does a copy
  std::vector<double> y;
  for (Index c = 0; c < 400; ++c) y.push_back(7.0 + 3.0 * double(x(4, c)) - 0.5 * double(x(2, c)));
  const std::vector<SelectedFeatures> found = forward_selection(x, y, 2);
  REQUIRE(found.size() == 2);
  CHECK((found[0].features[0] == 4 || found[0].features[0] == 7));
  CHECK(found[0].r2 == Approx(9.0 / 9.25).epsilon(0.02));
  CHECK(found[1].features[1] == 2);
  CHECK(found[1].coefficients[1] == Approx(-0.5).epsilon(1e-4));
  CHECK(found[1].r2 == Approx(1));
  CHECK(predict(found[1], x, 11) == Approx(y[11]));
  for (const SelectedFeatures& formula : forward_selection(x, y, 9)) {  // the copy is never a second one
    std::size_t copies = 0;
    for (const Index f : formula.features) copies += f == 4 || f == 7 ? 1 : 0;
    CHECK(copies <= 1);
  }
}

TEST_CASE("Noise is not told on other columns, and what does not vary has no formula") {
  const Matrix<float> x = noise(30, 2000, 2);
  const Matrix<float> other = noise(30, 2000, 3);
  const Matrix<float> target = noise(1, 2000, 4);
  const std::vector<double> y(target.data(), target.data() + 2000);
  const auto found = forward_selection(x, y, 2);
  double missed = 0, all = 0;
  for (Index c = 0; c < 2000; ++c) {
    const auto at = static_cast<std::size_t>(c);
    missed += std::pow(y[at] - predict(found.back(), other, c), 2);
    all += y[at] * y[at];
  }
  CHECK(std::abs(1 - missed / all) < 0.02);
  CHECK(forward_selection(x, std::vector<double>(2000, 3.0), 2).empty());
  CHECK(forward_selection(Matrix<float>::Ones(3, 2000), y, 2).empty());
}
