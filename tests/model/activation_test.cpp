// The pointwise functions of the cells, as Eigen vectorises them, against those of the C library in double.
#include "model/activation.h"

#include <cmath>
#include <limits>

#include "model/matrix.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

/// Every 1,000th or so of all floats between -range and range, and what surrounds zero.
Vector<float> many_floats(float range) {
  std::vector<float> all = {0.0f, -0.0f};
  for (float x = range; x > 1e-30f; x *= 0.99993f) {
    all.push_back(x);
    all.push_back(-x);
  }
  return Eigen::Map<Vector<float>>(all.data(), static_cast<Index>(all.size()));
}

/// The largest error in units of the last place of the true value.
template <class Function>
double worst_ulps(const Vector<float>& x, const Vector<float>& y, const Function& truth) {
  double worst = 0;
  for (Index i = 0; i < x.size(); ++i) {
    const double exact = truth(static_cast<double>(x(i)));
    const auto rounded = static_cast<float>(std::abs(exact));
    const double ulp = static_cast<double>(std::nextafter(rounded, std::numeric_limits<float>::infinity())) -
                       static_cast<double>(rounded);
    worst = std::max(worst, std::abs(static_cast<double>(y(i)) - exact) / ulp);
  }
  return worst;
}

TEST_CASE("tanh is within 6 units in the last place") {
  const Vector<float> x = many_floats(20.0f);
  const Vector<float> y = x.array().tanh();
  const double worst = worst_ulps(x, y, [](double v) { return std::tanh(v); });
  CAPTURE(worst);
  CHECK(worst < 6.0);
  CHECK(worst > 0.4);  // that of correct rounding: the measure works
}

TEST_CASE("the sigmoid is within 6 units in the last place") {
  const Vector<float> x = many_floats(80.0f);
  const Vector<float> y = sigmoid(x.array());
  const double worst = worst_ulps(x, y, [](double v) { return 1 / (1 + std::exp(-v)); });
  CAPTURE(worst);
  CHECK(worst < 6.0);
  CHECK(worst > 0.4);
}

TEST_CASE("exp is within 6 units in the last place where the softmax uses it") {
  const Vector<float> x = -many_floats(80.0f).cwiseAbs();
  const Vector<float> y = x.array().exp();
  const double worst = worst_ulps(x, y, [](double v) { return std::exp(v); });
  CAPTURE(worst);
  CHECK(worst < 6.0);
  CHECK(worst > 0.4);
}

TEST_CASE("what is assigned, and what it sums to, does not depend on where it lies") {
  const Vector<float> x = 3.0f * Vector<float>::Random(67);
  const auto at = [&](Index offset, Index size) {
    Vector<float> memory(offset + size);
    auto column = memory.tail(size).array();
    column = x.head(size).array();
    assign_pointwise(column, column.exp() * 0.3f + column);
    return std::pair(Vector<float>(column), sum_of(column));
  };
  for (const Index size : {1, 6, 15, 16, 17, 30, 67}) {
    const auto first = at(0, size);
    CHECK(first.first.isApprox((x.head(size).array().exp() * 0.3f + x.head(size).array()).matrix(), 1e-6f));
    CHECK(first.second == Approx(first.first.cast<double>().sum()).epsilon(1e-5));
    for (Index offset = 1; offset < 17; ++offset) REQUIRE(at(offset, size) == first);
  }
}

TEST_CASE("the ends of the scale saturate, and what is not a number stays so") {
  const float inf = std::numeric_limits<float>::infinity();
  const Vector<float> x = (Vector<float>(6) << 1e30f, -1e30f, inf, -inf, 0.0f, std::nanf("")).finished();
  const Vector<float> s = sigmoid(x.array());
  const Vector<float> t = x.array().tanh();
  CHECK(s(0) == 1.0f);
  CHECK(s(1) == 0.0f);
  CHECK(s(2) == 1.0f);
  CHECK(s(3) == 0.0f);
  CHECK(s(4) == 0.5f);
  CHECK(std::isnan(s(5)));
  CHECK(t(0) == 1.0f);
  CHECK(t(1) == -1.0f);
  CHECK(t(2) == 1.0f);
  CHECK(t(3) == -1.0f);
  CHECK(t(4) == 0.0f);
  CHECK(std::isnan(t(5)));
}

}  // namespace
}  // namespace isthmus
