// Fused cells against naive ones, written from the equations one unit at a time.
#include "model/recurrent_layer.h"

#include "tests/catch.h"
#include "tests/model/naive_model.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

constexpr Index kInputs = 3;
constexpr Index kHidden = 5;

using test::NaiveState;
using test::Numbers;
using test::numbers;
using test::random_values;

TEST_CASE("the fused layer computes what the equations say") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
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
  layer.forward(values, {x, {}, packing, h0, c0, none, none}, std::nullopt, 0.0, cache);

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

TEST_CASE("columns of the input that steps share give the outputs and the gradients of copies of them") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const bool layer_norm = GENERATE(false, true);
  CAPTURE(static_cast<int>(cell), layer_norm);
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer",
                                     {.cell = cell, .inputs = kInputs, .hidden = kHidden, .layer_norm = layer_norm});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(std::vector<Index>{3, 2, 1});
  const std::vector<Index> column = {2, 0, 2, 1, 2, 0};
  const Matrix<double> x = Matrix<double>::Random(kInputs, 3);
  Matrix<double> copies(kInputs, packing.columns());
  for (Index i = 0; i < copies.cols(); ++i) copies.col(i) = x.col(column[static_cast<std::size_t>(i)]);
  const Matrix<double> d_output = Matrix<double>::Random(kHidden, packing.columns());
  const Matrix<double> none(0, 3);
  const auto run = [&](const Matrix<double>& input, std::span<const Index> columns, Arena<double>& grads,
                       Matrix<double>& d_x) {
    const typename RecurrentLayer<double>::Input of{input, columns, packing, none, none, none, none};
    RecurrentCache<double> cache;
    layer.forward(values, of, std::nullopt, 0.0, cache);
    const Matrix<double> hidden = cache.hidden;
    Matrix<double> d_hidden = Matrix<double>::Zero(kHidden, 3);
    Matrix<double> d_memory = Matrix<double>::Zero(layer.has_memory() ? kHidden : 0, 3);
    Matrix<double> d_constant = none;
    d_x = Matrix<double>::Ones(kInputs, input.cols());  // what stands there stays
    Buffer<double> transposed;
    RecurrentLayer<double>::Gradients gradients{d_output, d_hidden, d_memory, d_x, d_constant, transposed};
    GradientTerms<double> terms(layout);
    layer.backward(values, of, cache, terms, gradients);
    terms.evaluate(grads);
    return hidden;
  };
  Arena<double> grads(layout);
  Arena<double> grads_of_copies(layout);
  Matrix<double> d_x;
  Matrix<double> d_copies;
  CHECK(run(x, column, grads, d_x).isApprox(run(copies, {}, grads_of_copies, d_copies), 1e-13));
  CHECK(grads.flat().isApprox(grads_of_copies.flat(), 1e-12));
  CHECK(grads.flat().norm() > 0.1);
  Matrix<double> summed = Matrix<double>::Ones(kInputs, 3);
  for (Index i = 0; i < copies.cols(); ++i) {
    summed.col(column[static_cast<std::size_t>(i)]) += d_copies.col(i) - Vector<double>::Ones(kInputs);
  }
  CHECK(d_x.isApprox(summed, 1e-12));
}

TEST_CASE("step by step a layer gives the outputs and the gradients of all steps at once") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const bool layer_norm = GENERATE(false, true);
  const bool shared = GENERATE(false, true);
  CAPTURE(static_cast<int>(cell), layer_norm, shared);
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer",
                                     {.cell = cell, .inputs = kInputs, .hidden = kHidden, .layer_norm = layer_norm});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(std::vector<Index>{3, 2, 1});
  const std::vector<Index> column = shared ? std::vector<Index>{2, 0, 2, 1, 2, 0} : std::vector<Index>();
  const Matrix<double> x = Matrix<double>::Random(kInputs, shared ? 3 : packing.columns());
  const Matrix<double> h0 = Matrix<double>::Random(kHidden, 3);
  const Matrix<double> c0 = Matrix<double>::Random(layer.has_memory() ? kHidden : 0, 3);
  const Matrix<double> d_output = Matrix<double>::Random(kHidden, packing.columns());
  const Matrix<double> none(0, 3);
  const typename RecurrentLayer<double>::Input input{x, column, packing, h0, c0, none, none};
  const auto run = [&](bool stepwise, Arena<double>& grads, Matrix<double>& d_x) {
    RecurrentCache<double> cache;
    Matrix<double> d_hidden = Matrix<double>::Zero(kHidden, 3);
    Matrix<double> d_memory = Matrix<double>::Zero(c0.rows(), 3);
    Matrix<double> d_constant = none;
    d_x.setZero(kInputs, x.cols());
    Buffer<double> transposed;
    RecurrentLayer<double>::Gradients gradients{d_output, d_hidden, d_memory, d_x, d_constant, transposed};
    GradientTerms<double> terms(layout);
    if (stepwise) {
      layer.begin(values, input, Random(2), 0.3, cache);
      for (Index t = 0; t < 3; ++t) layer.advance(values, input, {t, t + 1}, cache);
      layer.begin_backward(values, input, cache, gradients);
      for (Index t = 3; t-- > 0;) layer.retreat(values, input, {t, t + 1}, cache, gradients);
      layer.finish_backward(values, input, cache, terms, gradients);
    } else {
      layer.forward(values, input, Random(2), 0.3, cache);
      layer.backward(values, input, cache, terms, gradients);
    }
    terms.evaluate(grads);
    Matrix<double> results(kHidden, packing.columns() + 3);
    results << cache.hidden, d_hidden;
    return results;
  };
  Arena<double> grads(layout);
  Arena<double> stepwise_grads(layout);
  Matrix<double> d_x;
  Matrix<double> stepwise_d_x;
  CHECK(run(false, grads, d_x).isApprox(run(true, stepwise_grads, stepwise_d_x), 1e-13));
  CHECK(grads.flat().isApprox(stepwise_grads.flat(), 1e-12));
  CHECK(d_x.isApprox(stepwise_d_x, 1e-12));
  CHECK(d_x.norm() > 0.1);
}

TEST_CASE("no initial state is one of zeros") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const bool layer_norm = GENERATE(false, true);
  const bool single_steps = GENERATE(false, true);
  CAPTURE(static_cast<int>(cell), layer_norm, single_steps);
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer",
                                     {.cell = cell, .inputs = kInputs, .hidden = kHidden, .layer_norm = layer_norm});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(single_steps ? std::vector<Index>{1, 1} : std::vector<Index>{3, 1});
  const Matrix<double> x = Matrix<double>::Random(kInputs, packing.columns());
  const Matrix<double> d_output = Matrix<double>::Random(kHidden, packing.columns());
  const Matrix<double> none(0, 2);
  const Matrix<double> zeros = Matrix<double>::Zero(kHidden, 2);
  const auto run = [&](const Matrix<double>& hidden, const Matrix<double>& memory, Arena<double>& grads) {
    const typename RecurrentLayer<double>::Input of{x, {}, packing, hidden, memory, none, none};
    RecurrentCache<double> cache;
    layer.forward(values, of, Random(3), 0.3, cache);
    const Matrix<double> output = cache.hidden;
    Matrix<double> d_hidden = Matrix<double>::Ones(kHidden, 2);
    Matrix<double> d_memory = Matrix<double>::Ones(layer.has_memory() ? kHidden : 0, 2);
    Matrix<double> d_constant = none;
    Matrix<double> d_x = Matrix<double>::Zero(kInputs, packing.columns());
    Buffer<double> transposed;
    RecurrentLayer<double>::Gradients gradients{d_output, d_hidden, d_memory, d_x, d_constant, transposed};
    GradientTerms<double> terms(layout);
    layer.backward(values, of, cache, terms, gradients);
    terms.evaluate(grads);
    return output;
  };
  Arena<double> without(layout);
  Arena<double> with(layout);
  CHECK(run(none, none, without) == run(zeros, layer.has_memory() ? zeros : none, with));
  CHECK(without.flat().isApprox(with.flat(), 1e-14));
  CHECK(with.flat().norm() > 0.1);
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
    layer.forward(values, {x, {}, packing, zeros, layer.has_memory() ? zeros : none, none, none}, std::nullopt, 0.0,
                  cache);
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
  constexpr Index kUnits = 40;
  constexpr double kRate = 0.25;
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer", {.cell = cell, .inputs = 2, .hidden = kUnits});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(std::vector<Index>{4, 3, 1});
  const Matrix<double> x = Matrix<double>::Random(2, packing.columns());
  const Matrix<double> h0 = Matrix<double>::Random(kUnits, 3);
  const Matrix<double> c0 = layer.has_memory() ? Matrix<double>::Random(kUnits, 3) : Matrix<double>(0, 3);
  const Matrix<double> none(0, 3);
  RecurrentCache<double> cache;
  layer.forward(values, {x, {}, packing, h0, c0, none, none}, Random(5), kRate, cache);
  const Matrix<double> mask = cache.recurrent_mask;
  REQUIRE(mask.rows() == kUnits);
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
  layer.forward(values, {x, {}, packing, h0, c0, none, none}, std::nullopt, kRate, cache);
  CHECK(cache.recurrent_mask.size() == 0);
  CHECK(cache.previous.leftCols(3) == h0);
}

}  // namespace
}  // namespace isthmus
