// The product of matrices, in the shapes that a model of 512 units, embeddings of 256 and 8,000 pieces has with batches
// of 64 sentences. One thread, as everywhere: parallel work is split above the products.
#include "model/gemm.h"

#include "benchmarks/sample.h"

namespace isthmus::bench {
namespace {

/// C (rows × columns) = op(A)·op(B) + beta·C over `depth`.
struct Product {
  Index rows;
  Index depth;
  Index columns;
  Op op_a = Op::kNone;
  Op op_b = Op::kNone;
  float beta = 0.0f;
};

void gemm(benchmark::State& state, const Product& p) {
  const bool a_transposed = p.op_a == Op::kTranspose;
  const bool b_transposed = p.op_b == Op::kTranspose;
  const Matrix<float> a = random_matrix(a_transposed ? p.depth : p.rows, a_transposed ? p.rows : p.depth, Random(1));
  const Matrix<float> b =
      random_matrix(b_transposed ? p.columns : p.depth, b_transposed ? p.depth : p.columns, Random(2));
  Matrix<float> c = Matrix<float>::Zero(p.rows, p.columns);
  for (auto _ : state) {
    isthmus::gemm<float>(p.op_a, p.op_b, a, b, p.beta, c);
    benchmark::DoNotOptimize(c.data());
  }
  const double flops = 2.0 * static_cast<double>(p.rows * p.depth * p.columns);
  state.counters["GFLOP/s"] = gflops(flops * static_cast<double>(state.iterations()));
}

constexpr Index kHidden = 512;
constexpr Index kGates = 4 * kHidden;
constexpr Index kEmbedding = 256;
constexpr Index kTokens = 13 * kBatch;
constexpr Index kChunk = 512;  // OutputLayer::kChunk

// The machine's limit: on one thread, and on all processors side by side.
BENCHMARK_CAPTURE(gemm, square_2048, Product{2048, 2048, 2048})
    ->Threads(1)
    ->ThreadPerCpu()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// gates += U·h: one step of a batch, of half of it (a shard), and of one sentence
BENCHMARK_CAPTURE(gemm, recurrent_step_64_columns, Product{.rows = kGates, .depth = kHidden, .columns = 64, .beta = 1});
BENCHMARK_CAPTURE(gemm, recurrent_step_32_columns, Product{.rows = kGates, .depth = kHidden, .columns = 32, .beta = 1});
BENCHMARK_CAPTURE(gemm, recurrent_step_1_column, Product{.rows = kGates, .depth = kHidden, .columns = 1, .beta = 1});
// dh += Uᵀ·δ, with Uᵀ kept as a matrix
BENCHMARK_CAPTURE(gemm, recurrent_step_backward_64_columns,
                  Product{.rows = kHidden, .depth = kGates, .columns = 64, .beta = 1});
// over all steps: gates = W·x, dW += δ·xᵀ, dx = Wᵀ·δ
BENCHMARK_CAPTURE(gemm, input, Product{.rows = kGates, .depth = kEmbedding, .columns = kTokens, .beta = 1});
BENCHMARK_CAPTURE(gemm, input_weight_gradient,
                  Product{.rows = kGates, .depth = kTokens, .columns = kEmbedding, .op_b = Op::kTranspose, .beta = 1});
BENCHMARK_CAPTURE(gemm, input_gradient,
                  Product{.rows = kEmbedding, .depth = kGates, .columns = kTokens, .op_a = Op::kTranspose});
// a chunk of the output layer: logits = Wᵀ·h, dh = W·δ, dW += h·δᵀ
BENCHMARK_CAPTURE(gemm, output,
                  Product{.rows = kVocabulary, .depth = kHidden, .columns = kChunk, .op_a = Op::kTranspose})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gemm, output_gradient, Product{.rows = kHidden, .depth = kVocabulary, .columns = kChunk})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gemm, output_weight_gradient,
                  Product{.rows = kHidden, .depth = kChunk, .columns = kVocabulary, .op_b = Op::kTranspose, .beta = 1})
    ->Unit(benchmark::kMillisecond);
// one step of beam search: 32 sentences, beam 5
BENCHMARK_CAPTURE(gemm, output_beam_step, Product{.rows = kVocabulary, .depth = kHidden, .columns = 160})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace isthmus::bench
