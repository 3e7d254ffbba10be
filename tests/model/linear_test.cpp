#include "model/linear.h"

#include "tests/catch.h"
#include "tests/model/naive_model.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::Numbers;
using test::numbers;
using test::random_values;

constexpr TensorId kWeights{0};
constexpr TensorId kBias{1};
constexpr Index kInputs = 3;
constexpr Index kOutputs = 5;
constexpr Index kColumns = 4;

TEST_CASE("y is W·x + b, with a bias or without") {
  const bool bias = GENERATE(true, false);
  Layout layout;
  const Linear<double> linear(layout, "map", kOutputs, kInputs, bias);
  CHECK(layout.tensors().size() == (bias ? 2u : 1u));
  const auto values = random_values<double>(layout, Random(1));
  const Matrix<double> x = Matrix<double>::Random(kInputs, kColumns);
  Matrix<double> y = Matrix<double>::Constant(kOutputs, kColumns, 99.0);  // overwritten
  linear.forward(values, x, y);
  for (Index j = 0; j < kColumns; ++j) {
    Numbers expected = test::product(values[kWeights], numbers(x, j));
    if (bias) test::add(expected, numbers(values[kBias], 0));
    for (Index i = 0; i < kOutputs; ++i) {
      CHECK(y(i, j) == Approx(expected[static_cast<std::size_t>(i)]).epsilon(1e-12));
    }
  }
}

TEST_CASE("gradients of W and b, and that of x as beta says") {
  const double beta = GENERATE(0.0, 1.0);
  Layout layout;
  const Linear<double> linear(layout, "map", kOutputs, kInputs);
  const auto values = random_values<double>(layout, Random(1));
  const Matrix<double> x = Matrix<double>::Random(kInputs, kColumns);
  const Matrix<double> d_y = Matrix<double>::Random(kOutputs, kColumns);
  Arena<double> grads(layout);
  GradientTerms<double> terms(layout);
  Matrix<double> d_x = Matrix<double>::Constant(kInputs, kColumns, 2.0);
  linear.backward(values, x, d_y, terms, beta, d_x);
  terms.evaluate(grads);
  for (Index i = 0; i < kOutputs; ++i) {
    double d_bias = 0;
    for (Index j = 0; j < kColumns; ++j) d_bias += d_y(i, j);
    CHECK(grads[kBias](i, 0) == Approx(d_bias).epsilon(1e-12));
    for (Index k = 0; k < kInputs; ++k) {
      double d_weight = 0;
      for (Index j = 0; j < kColumns; ++j) d_weight += d_y(i, j) * x(k, j);
      CHECK(grads[kWeights](i, k) == Approx(d_weight).epsilon(1e-12));
    }
  }
  for (Index k = 0; k < kInputs; ++k) {
    for (Index j = 0; j < kColumns; ++j) {
      double expected = beta * 2.0;
      for (Index i = 0; i < kOutputs; ++i) expected += values[kWeights](i, k) * d_y(i, j);
      CHECK(d_x(k, j) == Approx(expected).epsilon(1e-12));
    }
  }
}

}  // namespace
}  // namespace isthmus
