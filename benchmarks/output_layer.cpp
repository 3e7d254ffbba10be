// One chunk of the output layer with softmax and loss: 512 tokens, 512 units, 8,000 pieces.
#include "model/output_layer.h"

#include "benchmarks/sample.h"

namespace isthmus::bench {
namespace {

constexpr Index kHidden = 512;

void run(benchmark::State& state, bool with_gradients) {
  constexpr Index kTokens = 512;
  Layout layout;
  const OutputLayer<float> layer(layout, "output", kHidden, kVocabulary);
  const Arena<float> values = initial_values(layout);
  Arena<float> grads(layout);
  const Matrix<float> x = random_matrix(kHidden, kTokens, Random(1));
  Random random(2);
  std::vector<TokenId> targets(kTokens);
  for (TokenId& target : targets) target = static_cast<TokenId>(random.below(kVocabulary));
  const std::vector<float> weights(kTokens, 1.0f / kTokens);
  OutputCache<float> cache;
  GradientTerms<float> terms(layout);
  Buffer<float> d_x;
  Vector<float> token_log_probs;
  for (auto _ : state) {
    terms.clear();
    const LossSum sum = layer.loss(values, x, {targets, weights, 0.1}, cache,
                                   {token_log_probs, with_gradients ? &terms : nullptr, &d_x});
    if (with_gradients) terms.evaluate(grads);
    benchmark::DoNotOptimize(sum.loss);
  }
  const auto tokens = static_cast<double>(state.iterations() * kTokens);
  const double products = with_gradients ? 3 : 1;
  state.counters["tokens/s"] = per_second(tokens);
  state.counters["GFLOP/s"] = gflops(tokens * products * 2.0 * kHidden * kVocabulary);
}

void output_layer_loss(benchmark::State& state) { run(state, false); }
void output_layer_loss_and_gradients(benchmark::State& state) { run(state, true); }

BENCHMARK(output_layer_loss)->Unit(benchmark::kMillisecond);
BENCHMARK(output_layer_loss_and_gradients)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace isthmus::bench
