// Translation with an untrained LSTM of 512 units and 8,000 pieces, on one thread: one step of a beam, and whole
// searches. Untrained, it would not end sentences; each translation is as long as its source.
#include "decode/search.h"

#include <numeric>

#include "benchmarks/sample.h"
#include "decode/seq2seq_step_model.h"

namespace isthmus::bench {
namespace {

struct UntrainedModel {
  Seq2Seq<float> model{with_vocabulary({})};
  Arena<float> values = initial_values(model.layout());
  DecodingWeights<float> weights = model.decoding_weights(values);
};

void beam_step(benchmark::State& state) {
  const UntrainedModel untrained;
  Seq2SeqStepModel model(untrained.model, untrained.weights);
  const auto hypotheses = static_cast<std::size_t>(state.range(0));
  model.start(random_sentences(hypotheses, Random(1)));
  std::vector<TokenId> last(hypotheses, kBegin);
  std::vector<Index> parents(hypotheses);
  std::iota(parents.rbegin(), parents.rend(), 0);  // each column moves
  for (auto _ : state) {
    benchmark::DoNotOptimize(model.step(last).logits.data());
    model.select(parents);
  }
  // Each step extends each hypothesis by a token.
  const double tokens = static_cast<double>(state.iterations()) * static_cast<double>(hypotheses);
  state.counters["tokens/s"] = per_second(tokens);
  state.counters["GFLOP/s"] = gflops(tokens * 2.0 * product_sizes(untrained.model.layout()).target);
}

void beam_search(benchmark::State& state) {
  const UntrainedModel untrained;
  Seq2SeqStepModel model(untrained.model, untrained.weights);
  const SearchOptions options{.beam = state.range(0), .max_length_factor = 1, .max_length_extra = 0};
  const std::vector<Sentence> sources = random_sentences(static_cast<std::size_t>(state.range(1)), Random(1));
  double tokens = 0;
  for (auto _ : state) {
    for (const NBest& list : search(model, sources, options)) tokens += static_cast<double>(list[0].tokens.size() + 1);
  }
  state.counters["sentences/s"] =
      per_second(static_cast<double>(state.iterations()) * static_cast<double>(sources.size()));
  state.counters["tokens/s"] = per_second(tokens);
}

BENCHMARK(beam_step)->ArgName("hypotheses")->Arg(1)->Arg(5)->Arg(32)->Arg(160)->Unit(benchmark::kMillisecond);
BENCHMARK(beam_search)->ArgNames({"beam", "batch"})->ArgsProduct({{1, 5, 12}, {1, 32}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace isthmus::bench
