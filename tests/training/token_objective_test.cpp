#include "training/token_objective.h"

#include <cmath>

#include "decode/search.h"
#include "decode/seq2seq_step_model.h"
#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_sentences;
using test::random_values;
using test::tiny_options;

TEST_CASE("the decoder reads the reference, its own words, or some of both") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const DecodingWeights<float> weights = model.decoding_weights(values);
  const Batch batch{random_sentences(6, 5, 9, Random(2)), random_sentences(6, 7, 8, Random(3))};
  std::vector<Random> streams;
  for (std::uint64_t i = 0; i < 6; ++i) streams.push_back(Random(4).split(i));
  const auto read = mixed_inputs(model, weights, batch, 1.0, streams);
  const auto own = mixed_inputs(model, weights, batch, 0.0, streams);
  const auto mixed = mixed_inputs(model, weights, batch, 0.5, streams);
  CHECK(mixed == mixed_inputs(model, weights, batch, 0.5, streams));
  for (std::size_t i = 0; i < 6; ++i) {
    Sentence expected = {kBegin};
    expected.insert(expected.end(), batch.target[i].begin(), batch.target[i].end());
    CHECK(read[i] == expected);
    // What the model finds likeliest after its own words, step by step.
    Seq2SeqStepModel step_model(model, weights);
    step_model.start(std::span(batch.source).subspan(i, 1));
    Sentence words = {kBegin};
    for (std::size_t t = 0; t < batch.target[i].size(); ++t) {
      Index likeliest = 0;
      step_model.step(std::span(&words.back(), 1)).logits.col(0).maxCoeff(&likeliest);
      words.push_back(static_cast<TokenId>(likeliest));
    }
    CHECK(own[i] == words);
    CHECK(mixed[i].size() == expected.size());
    const Batch single{{batch.source[i]}, {batch.target[i]}};
    CHECK(mixed_inputs(model, weights, single, 0.5, std::span(streams).subspan(i, 1))[0] == mixed[i]);
  }
  CHECK(mixed != read);
  CHECK(mixed != own);
}

TEST_CASE("a reference's edits: more with a higher temperature, each place once, never the length") {
  const Sentence reference = {10, 11, 12, 13, 14, 15, 16, 17};
  const auto mean_edits = [&](double temperature) {
    double edits = 0;
    for (std::uint64_t i = 0; i < 4000; ++i) {
      const Sentence sentence = edited(reference, temperature, 1000, Random(5).split(i));
      REQUIRE(sentence.size() == reference.size());
      for (std::size_t t = 0; t < reference.size(); ++t) {
        REQUIRE(sentence[t] >= kSpecialTokens);
        REQUIRE(sentence[t] < 1000);
        edits += sentence[t] != reference[t] ? 1 : 0;
      }
    }
    return edits / 4000;
  };
  const auto expected = [](double temperature) {
    double sum = 0, total = 0;
    for (int e = 0; e <= 8; ++e) {
      sum += e * std::exp(-e / temperature);
      total += std::exp(-e / temperature);
    }
    return sum / total;
  };
  for (const double temperature : {0.3, 0.85, 3.0}) {
    CHECK(mean_edits(temperature) == Approx(expected(temperature)).epsilon(0.08));
  }
  CHECK(edited({}, 1.0, 100, Random(1)).empty());
}

TEST_CASE("schedules of the reference's share fall to their least") {
  SequenceOptions options;
  CHECK(reference_share(options, 1000) == 1.0);
  options.scheduled_least = 0.1;
  options.scheduled_sampling = ScheduledSampling::kLinear;
  options.scheduled_k = 0.01;
  CHECK(reference_share(options, 50) == Approx(0.5));
  CHECK(reference_share(options, 5000) == 0.1);
  options.scheduled_sampling = ScheduledSampling::kExponential;
  options.scheduled_k = 0.99;
  CHECK(reference_share(options, 10) == Approx(std::pow(0.99, 10)));
  options.scheduled_sampling = ScheduledSampling::kInverseSigmoid;
  options.scheduled_k = 100;
  CHECK(reference_share(options, 200) == Approx(100 / (100 + std::exp(2.0))));
  CHECK(reference_share(options, 1'000'000'000) == 0.1);
  options.mixer_start = 3;
  options.mixer_every = 10;
  CHECK(mixer_prefix(options, 1) == 3);
  CHECK(mixer_prefix(options, 10) == 3);
  CHECK(mixer_prefix(options, 11) == 2);
  CHECK(mixer_prefix(options, 1000) == 0);
}

}  // namespace
}  // namespace isthmus
