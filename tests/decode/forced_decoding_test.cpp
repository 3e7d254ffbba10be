#include "decode/forced_decoding.h"

#include <cmath>

#include "decode/search.h"
#include "tests/catch.h"
#include "tests/decode/copying_model.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_sentences;

LoadedModel small_model() {
  ModelOptions options = test::tiny_options();
  options.hidden = 24;
  options.embedding = 16;
  options.bidirectional = true;
  options.context = ContextUse::kEveryStep;
  ModelFile file;
  auto model = std::make_unique<Seq2Seq<float>>(options);
  file.values = std::make_unique<Arena<float>>(test::random_values<float>(model->layout(), Random(1), 0.7));
  file.model = std::move(model);
  DecodingWeights<float> weights = file.model->decoding_weights(*file.values);
  const Tokenizer unused = testing::letters();
  return {std::move(file), std::move(weights), unused, unused};
}

/// Twenty pairs of 0 … 7 pieces, with an empty source and an empty target among them.
struct Pairs {
  Pairs() : sources(random_sentences(20, 7, 9, Random(2))), targets(random_sentences(20, 7, 8, Random(3))) {
    sources[4].clear();
    targets[9].clear();
  }

  std::vector<Sentence> sources;
  std::vector<Sentence> targets;
};

std::vector<ForcedScore> score(const LoadedModel& model, const Pairs& pairs, std::size_t batch, std::size_t workers) {
  ThreadPool threads(workers);
  return score_pairs(model, pairs.sources, pairs.targets, batch, threads);
}

TEST_CASE("a pair's score is the sum over the steps of its target") {
  const LoadedModel model = small_model();
  const Pairs pairs;
  const std::vector<ForcedScore> scores = score(model, pairs, 6, 2);
  REQUIRE(scores.size() == 20);
  Seq2SeqStepModel steps(*model.file.model, model.weights);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    Sentence target = pairs.targets[i];
    target.push_back(kEnd);
    steps.start(std::span(pairs.sources).subspan(i, 1));
    double log_prob = 0;
    std::vector<TokenId> last = {kBegin};
    for (const TokenId token : target) {
      log_prob += static_cast<double>(steps.step(last).log_prob(token, 0));
      last[0] = token;
    }
    CHECK(scores[i].log_prob == Approx(log_prob).margin(1e-5));
    CHECK(scores[i].tokens == static_cast<std::int64_t>(target.size()));
    CHECK(scores[i].perplexity() == Approx(std::exp(-log_prob / static_cast<double>(target.size()))).epsilon(1e-5));
  }
}

TEST_CASE("what a search finds is scored as the search did") {
  const LoadedModel model = small_model();
  Pairs pairs;
  pairs.sources[4] = {3};  // a search has something to read
  const std::int64_t beam = GENERATE(1, 4);
  SearchOptions options;
  options.beam = beam;
  options.allow_unknown = true;
  Seq2SeqStepModel steps(*model.file.model, model.weights);
  const std::vector<NBest> found = search(steps, pairs.sources, options);
  for (std::size_t i = 0; i < found.size(); ++i) pairs.targets[i] = found[i][0].tokens;
  const std::vector<ForcedScore> scores = score(model, pairs, 64, 1);
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(scores[i].log_prob == Approx(found[i][0].log_prob).epsilon(1e-5));
    CHECK(scores[i].tokens == static_cast<std::int64_t>(found[i][0].token_log_probs.size()));
  }
}

TEST_CASE("scores are in the order of the pairs, for any batch and any threads") {
  const LoadedModel model = small_model();
  const Pairs pairs;
  const std::vector<ForcedScore> expected = score(model, pairs, 1, 1);
  for (const std::size_t batch : {2u, 7u, 20u, 1000u}) {
    for (const std::size_t workers : {1u, 3u}) {
      const std::vector<ForcedScore> scores = score(model, pairs, batch, workers);
      REQUIRE(scores.size() == expected.size());
      for (std::size_t i = 0; i < scores.size(); ++i) {
        CHECK(scores[i].log_prob == Approx(expected[i].log_prob).margin(1e-5));
        CHECK(scores[i].tokens == expected[i].tokens);
      }
    }
  }
}

TEST_CASE("nothing to score gives no scores") {
  ThreadPool threads(2);
  CHECK(score_pairs(small_model(), {}, {}, 8, threads).empty());
}

TEST_CASE("perplexity is e to the mean loss of a piece") {
  CHECK(ForcedScore{.log_prob = -std::log(8.0), .tokens = 3}.perplexity() == Approx(2.0));
  CHECK(ForcedScore{.log_prob = 0.0, .tokens = 5}.perplexity() == 1.0);
}

}  // namespace
}  // namespace isthmus
