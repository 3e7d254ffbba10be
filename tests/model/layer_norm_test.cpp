#include "model/layer_norm.h"

#include "tests/catch.h"
#include "tests/model/naive_model.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::Numbers;
using test::numbers;
using test::random_values;

constexpr Index kSize = 9;
constexpr Index kColumns = 5;
constexpr TensorId kGain{0};

struct Task {
  Task() : norm(layout, "norm", kSize), values(layout), x(kSize, kColumns) {
    initialise(Random(0), values);
    Random random(1);
    for (Index i = 0; i < x.size(); ++i) x.data()[i] = 3 + 2 * random.normal();
  }

  Matrix<double> normalise() {
    Matrix<double> y = x;
    norm.forward(values, y, normalised, scale);
    return y;
  }

  Layout layout;
  LayerNorm<double> norm;
  Arena<double> values;
  Matrix<double> x;
  Matrix<double> normalised = Matrix<double>(kSize, kColumns);
  Matrix<double> scale = Matrix<double>(1, kColumns);
};

TEST_CASE("at first every column has mean 0 and variance 1") {
  Task task;
  const Matrix<double> y = task.normalise();
  for (Index b = 0; b < kColumns; ++b) {
    CHECK(y.col(b).mean() == Approx(0.0).margin(1e-14));
    CHECK(y.col(b).squaredNorm() / kSize == Approx(1.0).epsilon(1e-4));
  }
  CHECK(task.normalised == y);
}

TEST_CASE("a normalised column is the naive one, times the gain") {
  Task task;
  task.values = random_values<double>(task.layout, Random(2));
  const Matrix<double> y = task.normalise();
  for (Index b = 0; b < kColumns; ++b) {
    const Numbers naive = test::naive_layer_norm(numbers(task.x, b), numbers(task.values[kGain], 0));
    for (Index i = 0; i < kSize; ++i) {
      CHECK(y(i, b) == Approx(naive[static_cast<std::size_t>(i)]).epsilon(1e-12));
    }
  }
}

TEST_CASE("shift and scale of a column, and its neighbours, do not matter") {
  Task task;
  const Matrix<double> before = task.normalise();
  task.x.col(1) = (10 * task.x.col(1)).array() - 7;
  task.x.col(2).setRandom();
  const Matrix<double> after = task.normalise();
  CHECK(after.col(1).isApprox(before.col(1), 1e-4));
  CHECK(after.col(0) == before.col(0));
  CHECK(after.col(3) == before.col(3));
  CHECK(after.col(2) != before.col(2));
}

TEST_CASE("a column of equal numbers becomes zeros") {
  Task task;
  task.x.setConstant(4.0);
  CHECK(task.normalise() == Matrix<double>::Zero(kSize, kColumns));
}

TEST_CASE("the gradients of x and of the gain are those of the values") {
  Task task;
  task.values = random_values<double>(task.layout, Random(2));
  const Matrix<double> direction = Matrix<double>::Random(kSize, kColumns);
  task.normalise();
  Matrix<double> gradient = direction;
  Vector<double> d_gain = Vector<double>::Constant(kSize, 0.5);  // added to
  task.norm.backward(task.values, task.normalised, task.scale, d_gain, gradient);
  constexpr double kStep = 1e-5;
  const auto difference = [&](double& parameter) {
    const double kept = parameter;
    parameter = kept + kStep;
    const double above = task.normalise().cwiseProduct(direction).sum();
    parameter = kept - kStep;
    const double below = task.normalise().cwiseProduct(direction).sum();
    parameter = kept;
    return (above - below) / (2 * kStep);
  };
  for (Index i = 0; i < task.x.size(); ++i) {
    CHECK(gradient.data()[i] == Approx(difference(task.x.data()[i])).margin(1e-8));
  }
  for (Index i = 0; i < kSize; ++i) {
    CHECK(d_gain(i) - 0.5 == Approx(difference(task.values[kGain].data()[i])).margin(1e-8));
  }
}

}  // namespace
}  // namespace isthmus
