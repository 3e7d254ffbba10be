// Fused cells against naive ones, written from the equations one unit at a time.
#include "model/recurrent_layer.h"

#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_values;

double naive_sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

struct NaiveState {
  std::vector<double> h;
  std::vector<double> c;
};

/// One step of one sentence. w, u: gate blocks above one another.
NaiveState naive_step(CellType cell, const Matrix<double>& w, const Matrix<double>& u, const Matrix<double>& b,
                      const Matrix<double>& bu, const std::vector<double>& x, const NaiveState& before) {
  const std::size_t size = before.h.size();
  const auto input = [&](std::size_t gate, std::size_t unit) {
    const auto row = static_cast<Index>(gate * size + unit);
    double sum = b(row, 0);
    for (std::size_t j = 0; j < x.size(); ++j) sum += w(row, static_cast<Index>(j)) * x[j];
    return sum;
  };
  const auto recurrent = [&](std::size_t gate, std::size_t unit) {
    const auto row = static_cast<Index>(gate * size + unit);
    double sum = bu.size() > 0 ? bu(row, 0) : 0.0;
    for (std::size_t j = 0; j < size; ++j) sum += u(row, static_cast<Index>(j)) * before.h[j];
    return sum;
  };
  NaiveState after = before;
  for (std::size_t k = 0; k < size; ++k) {
    if (cell == CellType::kTanh) {
      after.h[k] = std::tanh(input(0, k) + recurrent(0, k));
    } else if (cell == CellType::kGru) {
      const double r = naive_sigmoid(input(0, k) + recurrent(0, k));
      const double z = naive_sigmoid(input(1, k) + recurrent(1, k));
      const double n = std::tanh(input(2, k) + r * recurrent(2, k));
      after.h[k] = (1 - z) * n + z * before.h[k];
    } else {
      const double i = naive_sigmoid(input(0, k) + recurrent(0, k));
      const double f = naive_sigmoid(input(1, k) + recurrent(1, k));
      const double g = std::tanh(input(2, k) + recurrent(2, k));
      const double o = naive_sigmoid(input(3, k) + recurrent(3, k));
      after.c[k] = f * before.c[k] + i * g;
      after.h[k] = o * std::tanh(after.c[k]);
    }
  }
  return after;
}

TEST_CASE("the fused layer computes what the equations say") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  constexpr Index kInputs = 3;
  constexpr Index kHidden = 5;
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer", {.cell = cell, .inputs = kInputs, .hidden = kHidden});
  const auto values = random_values<double>(layout, Random(1));
  const std::vector<Index> lengths = {4, 3, 3, 1};
  const Packing packing = Packing::of_lengths(lengths);
  Random random(2);
  const auto noise = [&](Index rows, Index columns) {
    return Matrix<double>(Matrix<double>::NullaryExpr(rows, columns, [&] { return random.normal(); }));
  };
  const Matrix<double> x = noise(kInputs, packing.columns());
  const Matrix<double> h0 = noise(kHidden, 4);
  const Matrix<double> c0 = layer.has_memory() ? noise(kHidden, 4) : Matrix<double>(0, 4);
  const Matrix<double> none(0, 4);
  RecurrentCache<double> cache;
  layer.forward(values, {x, packing, h0, c0, none, none}, std::nullopt, 0.0, cache);

  const Matrix<double> w = values[TensorId{0}];
  const Matrix<double> u = values[TensorId{1}];
  const Matrix<double> b = values[TensorId{2}];
  const Matrix<double> bu = cell == CellType::kGru ? Matrix<double>(values[TensorId{3}]) : Matrix<double>();
  for (Index s = 0; s < 4; ++s) {
    NaiveState state{std::vector<double>(h0.col(s).begin(), h0.col(s).end()), std::vector<double>(kHidden)};
    if (layer.has_memory()) state.c.assign(c0.col(s).begin(), c0.col(s).end());
    for (Index t = 0; t < lengths[static_cast<std::size_t>(s)]; ++t) {
      const Index column = packing.offset[static_cast<std::size_t>(t)] + s;
      state = naive_step(cell, w, u, b, bu, std::vector<double>(x.col(column).begin(), x.col(column).end()), state);
      for (Index k = 0; k < kHidden; ++k) {
        REQUIRE(cache.hidden(k, column) == Approx(state.h[static_cast<std::size_t>(k)]).epsilon(1e-12));
      }
    }
  }
  Matrix<double> last(kHidden, 4);
  Matrix<double> memory(layer.has_memory() ? kHidden : 0, 4);
  layer.final_state(packing, cache, last, memory);
  CHECK(last.col(0) == cache.hidden.col(packing.columns() - 1));
  CHECK(last.col(3) == cache.hidden.col(3));
}

TEST_CASE("sequences in one batch do not touch one another") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer", {.cell = cell, .inputs = 2, .hidden = 3, .layer_norm = true});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(std::vector<Index>{3, 2});
  Matrix<double> x = Matrix<double>::Random(2, 5);
  const Matrix<double> zeros = Matrix<double>::Zero(3, 2);
  const Matrix<double> none(0, 2);
  RecurrentCache<double> cache;
  const auto run = [&] {
    layer.forward(values, {x, packing, zeros, layer.has_memory() ? zeros : none, none, none}, std::nullopt, 0.0, cache);
    return cache.hidden;
  };
  const Matrix<double> before = run();
  x.col(1).array() += 1.0;  // the second sentence's first word
  const Matrix<double> after = run();
  for (const Index column : {0, 2, 4}) CHECK(after.col(column) == before.col(column));
  for (const Index column : {1, 3}) CHECK(after.col(column) != before.col(column));
}

}  // namespace
}  // namespace isthmus
