// What training repeats: the gradient of a batch of 64 pairs in 2 shards, with dropout, and Adam's step. The batches
// come one after the other from an epoch of made-up text, cut into them as in training.
#include "benchmarks/sample.h"
#include "training/gradient_workers.h"
#include "training/optimizer.h"

namespace isthmus::bench {
namespace {

void training_step(benchmark::State& state, const ModelOptions& options) {
  const Seq2Seq<float> model(with_vocabulary(options));
  const ProductSizes sizes = product_sizes(model.layout());
  Arena<float> values = initial_values(model.layout());
  const BatchOptions batch_options;
  const TokenPairs corpus = random_pairs(100 * static_cast<std::size_t>(batch_options.sentences), Random(2));
  std::vector<Batch> batches;
  for (const BatchIndices& batch : make_batches(corpus, batch_limits(batch_options), Random(3))) {
    batches.push_back(gather(corpus, batch));
  }
  ThreadPool threads(static_cast<std::size_t>(state.range(0)));
  Communicator alone;
  GradientWorkers workers(model, batch_options.shards, {}, threads, alone);
  Arena<float> grads(model.layout());
  Optimizer optimizer({}, model.layout());
  std::size_t update = 0;
  double source_tokens = 0;
  double target_tokens = 0;
  for (auto _ : state) {
    const Batch& batch = batches[update % batches.size()];
    const WeightedBatch learned = teacher_forced(batch, 0.1);
    const auto [sums, squared_norm] = workers.gradient(values, std::span(&learned, 1), Random(update), grads);
    optimizer.step(1e-3, grads, squared_norm, values, threads);
    for (const Sentence& sentence : batch.source) source_tokens += static_cast<double>(sentence.size() + 1);
    target_tokens += static_cast<double>(sums[0].tokens);
    ++update;
  }
  // A multiplication and an addition, forward, for the weights' gradient and for the input's.
  const double flops = 6 * (source_tokens * sizes.source + target_tokens * sizes.target);
  state.counters["target tokens/s"] = per_second(target_tokens);
  state.counters["GFLOP/s"] = gflops(flops);
}

/// On one thread and on two: the shards of the default options.
void on_threads(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(training_step, rnn_512, ModelOptions{.cell = CellType::kTanh})->Apply(on_threads);
BENCHMARK_CAPTURE(training_step, gru_512, ModelOptions{.cell = CellType::kGru})->Apply(on_threads);
BENCHMARK_CAPTURE(training_step, lstm_256, ModelOptions{.hidden = 256})->Apply(on_threads);
BENCHMARK_CAPTURE(training_step, lstm_512, ModelOptions{.hidden = 512})->Apply(on_threads);
BENCHMARK_CAPTURE(training_step, lstm_512_bidirectional, ModelOptions{.hidden = 512, .bidirectional = true})
    ->Apply(on_threads);
BENCHMARK_CAPTURE(training_step, lstm_1024_two_layers, ModelOptions{.layers = 2, .hidden = 1024, .embedding = 512})
    ->Apply(on_threads);

}  // namespace
}  // namespace isthmus::bench
