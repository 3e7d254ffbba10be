// Each bridge against its equations.
#include "model/bridge.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/model/naive_model.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::Numbers;
using test::numbers;
using test::random_values;
using test::tiny_options;

constexpr Index kHidden = 4;
constexpr Index kLayers = 2;
constexpr Index kColumns = 3;

/// A bridge of two layers and a context of three sentences.
struct Task {
  Task(BridgeType type, CellType cell)
      : options(with(type, cell)), bridge(layout, options), values(random_values<double>(layout, Random(1))) {
    context = state(Random(2));
  }

  static ModelOptions with(BridgeType type, CellType cell) {
    ModelOptions options = tiny_options();
    options.hidden = kHidden;
    options.layers = kLayers;
    options.bridge = type;
    options.cell = cell;
    return options;
  }
  RnnState<double> state(Random random) const {
    const auto noise = [&](Index rows) {
      return Matrix<double>(Matrix<double>::NullaryExpr(rows, kColumns, [&] { return random.normal(); }));
    };
    RnnState<double> made{noise(kLayers * kHidden), noise(options.cell == CellType::kLstm ? kLayers * kHidden : 0)};
    return made;
  }
  RnnState<double> initial() const {
    RnnState<double> made{Matrix<double>::Constant(1, 1, 99.0), Matrix<double>::Constant(1, 1, 99.0)};  // overwritten
    bridge.forward(values, context, made);
    return made;
  }

  ModelOptions options;
  Layout layout;
  Bridge<double> bridge;
  Arena<double> values;
  RnnState<double> context;
};

TEST_CASE("copy hands the context on, and its gradient back") {
  const auto cell = GENERATE(CellType::kGru, CellType::kLstm);
  const Task task(BridgeType::kCopy, cell);
  CHECK(task.layout.tensors().empty());
  RnnState<double> initial = task.initial();
  CHECK(initial.hidden == task.context.hidden);
  CHECK(initial.memory == task.context.memory);
  RnnState<double> d_initial = task.state(Random(3));
  const RnnState<double> given = d_initial;
  RnnState<double> d_context;
  GradientTerms<double> terms(task.layout);
  task.bridge.backward(task.values, task.context, initial, d_initial, terms, d_context);
  CHECK(d_context.hidden == given.hidden);
  CHECK(d_context.memory == given.memory);
}

TEST_CASE("zero hands nothing on, but keeps the shape") {
  const auto cell = GENERATE(CellType::kGru, CellType::kLstm);
  const Task task(BridgeType::kZero, cell);
  CHECK(task.layout.tensors().empty());
  RnnState<double> initial = task.initial();
  CHECK(initial.hidden == Matrix<double>::Zero(kLayers * kHidden, kColumns));
  CHECK(initial.memory == Matrix<double>::Zero(task.context.memory.rows(), kColumns));
  RnnState<double> d_initial = task.state(Random(3));
  RnnState<double> d_context = task.state(Random(4));
  GradientTerms<double> terms(task.layout);
  task.bridge.backward(task.values, task.context, initial, d_initial, terms, d_context);
  CHECK(d_context.hidden == Matrix<double>::Zero(kLayers * kHidden, kColumns));
  CHECK(d_context.memory == Matrix<double>::Zero(task.context.memory.rows(), kColumns));
}

TEST_CASE("dense squashes the hidden state but not the memory, layer by layer") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const Task task(BridgeType::kDense, cell);
  const bool memory = cell == CellType::kLstm;
  std::vector<std::string> names;
  for (const TensorInfo& tensor : task.layout.tensors()) names.push_back(tensor.name);
  const std::vector<std::string> hidden_alone = {"bridge.0.hidden.weights", "bridge.0.hidden.bias",
                                                 "bridge.1.hidden.weights", "bridge.1.hidden.bias"};
  const std::vector<std::string> both = {
      "bridge.0.hidden.weights", "bridge.0.hidden.bias", "bridge.0.memory.weights", "bridge.0.memory.bias",
      "bridge.1.hidden.weights", "bridge.1.hidden.bias", "bridge.1.memory.weights", "bridge.1.memory.bias"};
  REQUIRE(names == (memory ? both : hidden_alone));
  const RnnState<double> initial = task.initial();
  REQUIRE(initial.hidden.rows() == kLayers * kHidden);
  REQUIRE(initial.memory.rows() == (memory ? kLayers * kHidden : 0));
  const auto affine = [&](int weights, const Matrix<double>& rows, Index column) {
    Numbers y = test::product(task.values[TensorId{weights}], numbers(rows, column));
    test::add(y, numbers(task.values[TensorId{weights + 1}], 0));
    return y;
  };
  for (int layer = 0; layer < kLayers; ++layer) {
    const int tensors = memory ? 4 : 2;
    for (Index b = 0; b < kColumns; ++b) {
      const Index row = layer * kHidden;
      const Numbers h = affine(tensors * layer, task.context.hidden.middleRows(row, kHidden), b);
      const Numbers c =
          memory ? affine(tensors * layer + 2, task.context.memory.middleRows(row, kHidden), b) : Numbers();
      for (Index k = 0; k < kHidden; ++k) {
        CHECK(initial.hidden(row + k, b) == Approx(std::tanh(h[static_cast<std::size_t>(k)])).epsilon(1e-12));
        if (memory) CHECK(initial.memory(row + k, b) == Approx(c[static_cast<std::size_t>(k)]).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("the dense bridge's gradient is that of its values") {
  Task task(BridgeType::kDense, CellType::kLstm);
  const RnnState<double> direction = task.state(Random(3));
  const auto along = [&] {
    const RnnState<double> initial = task.initial();
    return initial.hidden.cwiseProduct(direction.hidden).sum() + initial.memory.cwiseProduct(direction.memory).sum();
  };
  RnnState<double> d_initial = direction;
  RnnState<double> d_context = task.state(Random(4));  // overwritten
  GradientTerms<double> terms(task.layout);
  task.bridge.backward(task.values, task.context, task.initial(), d_initial, terms, d_context);
  Arena<double> grads(task.layout);
  terms.evaluate(grads);
  constexpr double kStep = 1e-5;
  const auto difference = [&](double& parameter) {
    const double kept = parameter;
    parameter = kept + kStep;
    const double above = along();
    parameter = kept - kStep;
    const double below = along();
    parameter = kept;
    return (above - below) / (2 * kStep);
  };
  for (Index i = 0; i < task.context.hidden.size(); ++i) {
    CHECK(d_context.hidden.data()[i] == Approx(difference(task.context.hidden.data()[i])).margin(1e-8));
    CHECK(d_context.memory.data()[i] == Approx(difference(task.context.memory.data()[i])).margin(1e-8));
  }
  for (Index i = 0; i < task.layout.size(); ++i) {
    CHECK(grads.flat()(i) == Approx(difference(task.values.flat().data()[i])).margin(1e-8));
  }
}

}  // namespace
}  // namespace isthmus
