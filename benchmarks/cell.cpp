// The pointwise work of one step of 64 sentences, 512 units.
#include "benchmarks/sample.h"
#include "model/gru_cell.h"
#include "model/lstm_cell.h"
#include "model/tanh_cell.h"

namespace isthmus::bench {
namespace {

constexpr Index kHidden = 512;

/// The buffers of a step. Gates hold pre-activations before forward() and activations before backward().
template <template <class> class Cell>
struct Step {
  static constexpr Index kMemoryRows = Cell<float>::kHasMemory ? kHidden : 0;
  static constexpr Index kRecurrentRows = Cell<float>::kSeparateRecurrent ? Cell<float>::kGates * kHidden : 0;

  Matrix<float> gates = random_matrix(Cell<float>::kGates * kHidden, kBatch, Random(1));
  Matrix<float> recurrent = random_matrix(kRecurrentRows, kBatch, Random(2));
  Matrix<float> previous_hidden = random_matrix(kHidden, kBatch, Random(3));
  Matrix<float> previous_memory = random_matrix(kMemoryRows, kBatch, Random(4));
  Matrix<float> hidden = Matrix<float>::Zero(kHidden, kBatch);
  Matrix<float> memory = Matrix<float>::Zero(kMemoryRows, kBatch);
  Matrix<float> d_hidden = random_matrix(kHidden, kBatch, Random(5));
  Matrix<float> d_memory = random_matrix(kMemoryRows, kBatch, Random(6));

  void forward() {
    Cell<float>::forward(
        CellForward<float>{kHidden, kBatch, gates, recurrent, previous_hidden, previous_memory, hidden, memory});
    benchmark::DoNotOptimize(hidden.data());
  }
  void backward() {
    Cell<float>::backward(CellBackward<float>{kHidden, kBatch, gates, recurrent, previous_hidden, previous_memory,
                                              memory, d_hidden, d_memory});
    benchmark::DoNotOptimize(d_hidden.data());
  }
};

void set_counters(benchmark::State& state) {
  const auto steps = static_cast<double>(state.iterations());
  state.counters["tokens/s"] = per_second(steps * kBatch);
  state.counters["units/s"] = per_second(steps * kBatch * kHidden);
}

/// forward() and backward() work in place. Copying their input back, outside of the time taken, keeps repetitions from
/// drifting into numbers that no training sees, such as denormal ones.
template <template <class> class Cell>
void cell_forward(benchmark::State& state) {
  const Step<Cell> fresh;
  Step<Cell> step = fresh;
  for (auto _ : state) {
    state.PauseTiming();
    step.gates = fresh.gates;
    state.ResumeTiming();
    step.forward();
  }
  set_counters(state);
}

template <template <class> class Cell>
void cell_backward(benchmark::State& state) {
  Step<Cell> fresh;
  fresh.forward();
  Step<Cell> step = fresh;
  for (auto _ : state) {
    state.PauseTiming();
    step.gates = fresh.gates;
    step.recurrent = fresh.recurrent;
    step.d_hidden = fresh.d_hidden;
    step.d_memory = fresh.d_memory;
    state.ResumeTiming();
    step.backward();
  }
  set_counters(state);
}

BENCHMARK_TEMPLATE(cell_forward, TanhCell);
BENCHMARK_TEMPLATE(cell_forward, GruCell);
BENCHMARK_TEMPLATE(cell_forward, LstmCell);
BENCHMARK_TEMPLATE(cell_backward, TanhCell);
BENCHMARK_TEMPLATE(cell_backward, GruCell);
BENCHMARK_TEMPLATE(cell_backward, LstmCell);

}  // namespace
}  // namespace isthmus::bench
