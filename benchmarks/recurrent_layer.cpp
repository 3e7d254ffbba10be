// A recurrent layer over a packed batch of 64 sentences: 512 units over inputs of 256.
#include "model/recurrent_layer.h"

#include "benchmarks/sample.h"

namespace isthmus::bench {
namespace {

constexpr Index kInputs = 256;
constexpr Index kHidden = 512;

/// A layer with its input, cache and gradients.
struct Bench {
  explicit Bench(CellType cell)
      : layer(layout, "layer", {.cell = cell, .inputs = kInputs, .hidden = kHidden}),
        values(initial_values(layout)),
        terms(layout),
        grads(layout),
        initial_memory(Matrix<float>::Zero(layer.has_memory() ? kHidden : 0, kBatch)),
        d_memory(initial_memory) {}

  void forward() {
    layer.forward(values, {x, {}, packing, initial_hidden, initial_memory, none, none}, std::nullopt, 0.0, cache);
  }
  void backward() {
    d_hidden.setZero();
    d_memory.setZero();
    d_x.setZero();
    Buffer<float> transposed;
    RecurrentLayer<float>::Gradients gradients{d_output, d_hidden, d_memory, d_x, none, transposed};
    terms.clear();
    layer.backward(values, {x, {}, packing, initial_hidden, initial_memory, none, none}, cache, terms, gradients);
    terms.evaluate(grads);
  }
  /// Operations of the products with W and U over all tokens.
  double product_flops() const {
    return 2.0 * static_cast<double>(layer.gate_rows() * (kInputs + kHidden) * packing.columns());
  }

  Layout layout;
  RecurrentLayer<float> layer;
  Arena<float> values;
  GradientTerms<float> terms;
  Arena<float> grads;
  Packing packing = batch_packing(kBatch, Random(1));
  Matrix<float> x = random_matrix(kInputs, packing.columns(), Random(2));
  Matrix<float> initial_hidden = Matrix<float>::Zero(kHidden, kBatch);
  Matrix<float> initial_memory;
  Matrix<float> d_output = random_matrix(kHidden, packing.columns(), Random(3));
  Matrix<float> d_hidden = Matrix<float>::Zero(kHidden, kBatch);
  Matrix<float> d_memory;
  Matrix<float> d_x = Matrix<float>::Zero(kInputs, packing.columns());
  Matrix<float> none = Matrix<float>(0, kBatch);
  RecurrentCache<float> cache;
};

void recurrent_layer_forward(benchmark::State& state, CellType cell) {
  Bench bench(cell);
  for (auto _ : state) bench.forward();
  const auto passes = static_cast<double>(state.iterations());
  state.counters["tokens/s"] = per_second(passes * static_cast<double>(bench.packing.columns()));
  state.counters["GFLOP/s"] = gflops(passes * bench.product_flops());
}

void recurrent_layer_forward_backward(benchmark::State& state, CellType cell) {
  Bench bench(cell);
  for (auto _ : state) {
    bench.forward();
    bench.backward();
  }
  const auto passes = static_cast<double>(state.iterations());
  state.counters["tokens/s"] = per_second(passes * static_cast<double>(bench.packing.columns()));
  state.counters["GFLOP/s"] = gflops(passes * 3 * bench.product_flops());
}

BENCHMARK_CAPTURE(recurrent_layer_forward, rnn, CellType::kTanh)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recurrent_layer_forward, gru, CellType::kGru)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recurrent_layer_forward, lstm, CellType::kLstm)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recurrent_layer_forward_backward, rnn, CellType::kTanh)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recurrent_layer_forward_backward, gru, CellType::kGru)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recurrent_layer_forward_backward, lstm, CellType::kLstm)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace isthmus::bench
