// Fused cells against naive ones, written from the equations one unit at a time.
#include "model/recurrent_layer.h"

#include "tests/catch.h"
#include "tests/model/naive_model.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::NaiveState;
using test::Numbers;
using test::numbers;
using test::random_values;

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
  for (Index b = 0; b < 4; ++b) {
    NaiveState state{numbers(h0, b), layer.has_memory() ? numbers(c0, b) : Numbers()};
    for (Index t = 0; t < lengths[static_cast<std::size_t>(b)]; ++t) {
      const Index column = packing.offset[static_cast<std::size_t>(t)] + b;
      Numbers a = test::product(w, numbers(x, column));
      Numbers s = test::product(u, state.hidden);
      test::add(a, numbers(values[TensorId{2}], 0));
      if (cell == CellType::kGru) test::add(s, numbers(values[TensorId{3}], 0));
      state = test::naive_cell(cell, a, s, state);
      for (Index k = 0; k < kHidden; ++k) {
        REQUIRE(cache.hidden(k, column) == Approx(state.hidden[static_cast<std::size_t>(k)]).epsilon(1e-12));
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
    return Matrix<double>(cache.hidden);
  };
  const Matrix<double> before = run();
  x.col(1).array() += 1.0;  // the second sentence's first word
  const Matrix<double> after = run();
  for (const Index column : {0, 2, 4}) CHECK(after.col(column) == before.col(column));
  for (const Index column : {1, 3}) CHECK(after.col(column) != before.col(column));
}

TEST_CASE("recurrent dropout drops the same units of a sentence at every step, and others of the next sentence") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  constexpr Index kHidden = 40;
  constexpr double kRate = 0.25;
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer", {.cell = cell, .inputs = 2, .hidden = kHidden});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(std::vector<Index>{4, 3, 1});
  const Matrix<double> x = Matrix<double>::Random(2, packing.columns());
  const Matrix<double> h0 = Matrix<double>::Random(kHidden, 3);
  const Matrix<double> c0 = layer.has_memory() ? Matrix<double>::Random(kHidden, 3) : Matrix<double>(0, 3);
  const Matrix<double> none(0, 3);
  RecurrentCache<double> cache;
  layer.forward(values, {x, packing, h0, c0, none, none}, Random(5), kRate, cache);
  const Matrix<double> mask = cache.recurrent_mask;
  REQUIRE(mask.rows() == kHidden);
  REQUIRE(mask.cols() == 3);
  CHECK((mask.array() == 0.0 || (mask.array() - 1 / (1 - kRate)).abs() < 1e-4).all());
  CHECK((mask.array() == 0.0).any());
  CHECK((mask.col(0) != mask.col(1) && mask.col(1) != mask.col(2)));
  for (Index b = 0; b < 3; ++b) {
    for (Index t = 0; t < packing.length(b); ++t) {
      const auto step = static_cast<std::size_t>(t);
      const Vector<double> before = t == 0 ? Vector<double>(h0.col(b)) : cache.hidden.col(packing.offset[step - 1] + b);
      CHECK(cache.previous.col(packing.offset[step] + b) == before.cwiseProduct(mask.col(b)));
    }
  }
  layer.forward(values, {x, packing, h0, c0, none, none}, std::nullopt, kRate, cache);
  CHECK(cache.recurrent_mask.size() == 0);
  CHECK(cache.previous.leftCols(3) == h0);
}

}  // namespace
}  // namespace isthmus
