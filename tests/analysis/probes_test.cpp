// Encoders whose contexts are known: the probes have to find what is in them, and nothing else.
#include "analysis/probes.h"

#include <algorithm>
#include <cmath>

#include "analysis/probe_results.h"
#include "analysis/study.h"
#include "core/error.h"
#include "tests/analysis/bench.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::made_model;
using isthmus::test::random_lines;
using isthmus::test::tensor_named;

namespace {

constexpr std::size_t kWords = 24;
constexpr Index kVocabulary = static_cast<Index>(kWords) + kSpecialTokens;

/// A tanh network as wide as its vocabulary, whose words are unit vectors, scaled down to where tanh is a line, and
/// whose recurrent weights are `recurrent`.
std::shared_ptr<const LoadedModel> linear_network(Index hidden, const Eigen::MatrixXf& input,
                                                  const Eigen::MatrixXf& recurrent) {
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  options.embedding = kVocabulary;
  options.hidden = hidden;
  return made_model(options, kWords, [&](Arena<float>& values) {
    tensor_named(values, "encoder.embedding").setIdentity();
    tensor_named(values, "encoder.embedding") *= 1e-3f;
    tensor_named(values, "encoder.0.forward.input_weights") = input;
    tensor_named(values, "encoder.0.forward.recurrent_weights") = recurrent;
    tensor_named(values, "encoder.0.forward.bias").setZero();
  });
}

/// h_t = decay·h_{t−1} + x_t.
std::shared_ptr<const LoadedModel> fading_sum(float decay) {
  const Eigen::MatrixXf one = Eigen::MatrixXf::Identity(kVocabulary, kVocabulary);
  return linear_network(kVocabulary, one, decay * one);
}

StudyOptions small_options() {
  StudyOptions options;
  options.resamples = 200;
  options.probes = {.sentences = 1000, .seeds = 3, .words = 10, .positions = 6};
  return options;
}

Laboratory bench(std::shared_ptr<const LoadedModel> model, std::int64_t threads = 2, std::size_t lines = 300,
                 std::size_t words = kWords) {
  const std::vector<std::string> text = random_lines(lines, 9, words, Random(1));
  return Laboratory(std::move(model), {.sources = text, .references = text}, {.threads = threads});
}

/// A figure of the table probe_comparison.
double figure(const StudyResult& result, const std::string& task, int position, const std::string& column) {
  const MeasurementRows& rows = result.tables[0];
  const auto at =
      static_cast<std::size_t>(std::find(rows.columns.begin(), rows.columns.end(), column) - rows.columns.begin());
  for (const auto& row : rows.rows) {
    const auto* place = std::get_if<std::int64_t>(&row[1]);
    if (std::get<std::string>(row[0]) == task && (place ? *place : 0) == position) return std::get<double>(row[at]);
  }
  throw std::logic_error("no row of " + task);
}

}  // namespace

TEST_CASE("A context that is a bag of words tells the words and nothing of their order") {
  Laboratory laboratory = bench(fading_sum(1));
  const StudyResult result = study_probes(laboratory, small_options());
  CHECK(figure(result, "content", 0, "context") > 95);
  CHECK(figure(result, "content", 0, "selectivity_low") > 30);
  CHECK(figure(result, "length", 0, "context") > 95);
  for (const std::string task : {"shift", "order"}) {
    INFO(task);
    CHECK(figure(result, task, 0, "context_low") <= 50);
    CHECK(figure(result, task, 0, "context_high") >= 50);
  }
  CHECK(figure(result, "recall", 2, "over_embeddings_low") <= 0);
  CHECK_THAT(result.verdict, Catch::Contains("Nothing was found of swapped neighbours and the order of two words"));
  CHECK_THAT(result.meaning, Catch::Contains("No order of words was found"));
}

TEST_CASE("A sum that fades tells which of two words came first") {
  Laboratory laboratory = bench(fading_sum(0.7f), 2, 500, 12);
  const StudyResult result = study_probes(laboratory, small_options());
  CHECK(figure(result, "order", 0, "context") > 85);
  CHECK(figure(result, "order", 0, "over_embeddings_low") > 20);
  CHECK_THAT(result.meaning, Catch::Contains("Some of the order of words reaches the decoder"));
}

TEST_CASE("A register of the last pieces tells those and no others") {
  constexpr Index kPlaces = 4;  // the end of the sentence and three pieces
  Eigen::MatrixXf input = Eigen::MatrixXf::Zero(kPlaces * kVocabulary, kVocabulary);
  input.topRows(kVocabulary).setIdentity();
  Eigen::MatrixXf recurrent = Eigen::MatrixXf::Zero(kPlaces * kVocabulary, kPlaces * kVocabulary);
  recurrent.bottomLeftCorner((kPlaces - 1) * kVocabulary, (kPlaces - 1) * kVocabulary).setIdentity();
  Laboratory laboratory = bench(linear_network(kPlaces * kVocabulary, input, recurrent));
  const StudyResult result = study_probes(laboratory, small_options());
  for (const int place : {-1, -2, -3}) {
    INFO(place);
    CHECK(figure(result, "recall", place, "context") > 90);
    CHECK(figure(result, "recall", place, "majority") < 25);
    CHECK(figure(result, "recall", place, "random_labels") < 25);
  }
  CHECK(figure(result, "recall", -5, "over_majority_low") <= 0);
  CHECK_THAT(result.verdict, Catch::Contains("words at their places (1, 2 and 3 from the end)"));
}

TEST_CASE("A memory cell that counts tells the length and no words") {
  ModelOptions options = test::tiny_options();
  options.hidden = 2;
  options.embedding = kVocabulary;
  Laboratory laboratory = bench(made_model(options, kWords, [](Arena<float>& values) {
    tensor_named(values, "encoder.0.forward.input_weights").setZero();
    tensor_named(values, "encoder.0.forward.recurrent_weights").setZero();
    auto bias = tensor_named(values, "encoder.0.forward.bias");
    bias << 30, 30, 30, 30, 0.1f, 0.1f, 30, 30;  // input gate, forget gate, candidate, output gate
  }));
  const StudyResult result = study_probes(laboratory, small_options());
  CHECK(figure(result, "length", 0, "context") > 99);
  CHECK(figure(result, "length", 0, "majority") < 35);
  CHECK(figure(result, "length", 0, "random_labels_low") < 25);
  CHECK(figure(result, "content", 0, "over_embeddings_high") < -20);
  CHECK(figure(result, "shift", 0, "context") == 50);
  CHECK_THAT(result.meaning, Catch::Contains("Words are lost"));
}

TEST_CASE("Probes do not depend on the number of threads; seeds are rows of their own") {
  StudyOptions options = small_options();
  options.probes.sentences = 120;
  Laboratory one = bench(fading_sum(0.5f), 1), three = bench(fading_sum(0.5f), 3);
  const StudyResult alone = study_probes(one, options), together = study_probes(three, options);
  REQUIRE(alone.tables.size() == 2);
  CHECK(alone.verdict == together.verdict);
  REQUIRE(alone.tables[1].rows.size() == together.tables[1].rows.size());
  for (std::size_t i = 0; i < alone.tables[1].rows.size(); ++i) {
    for (const std::size_t column : {0, 2, 3, 4, 8, 9}) {
      CHECK(alone.tables[1].rows[i][column] == together.tables[1].rows[i][column]);
    }
  }
  // Each task but recall as a whole, of each seed: three features with true and random labels, and the majority.
  CHECK(alone.tables[1].rows.size() == 3 * (alone.tables[0].rows.size() - 1) * (3 * 2 + 1));
  options.seed = 2;
  CHECK(study_probes(one, options).verdict != alone.verdict);
}

TEST_CASE("Probes refuse a text that is too small to learn from") {
  Laboratory laboratory = bench(fading_sum(1), 1, 49);
  CHECK_THROWS_WITH(study_probes(laboratory, small_options()), Catch::Contains("50 different source sentences"));
}

TEST_CASE("One word over and over has no order to ask for, and a sentence that is repeated is one") {
  std::vector<std::string> text;
  for (std::size_t words = 1; words <= 60; ++words) {
    text.push_back("w1");
    for (std::size_t i = 1; i < words; ++i) text.back() += " w1";
  }
  Laboratory laboratory(fading_sum(1), {.sources = text, .references = text}, {});
  const StudyResult result = study_probes(laboratory, small_options());
  CHECK(figure(result, "length", 0, "over_majority") > 0);
  CHECK_THROWS_AS(figure(result, "shift", 0, "context"), std::logic_error);
  CHECK_THROWS_AS(figure(result, "order", 0, "context"), std::logic_error);
  const std::vector<std::string> same(60, "w1");
  Laboratory repeated(fading_sum(1), {.sources = same, .references = same}, {});
  CHECK_THROWS_WITH(study_probes(repeated, small_options()), Catch::Contains("the text has 1"));
}

TEST_CASE("The interval of an accuracy widens with what varies: sentences and seeds") {
  std::vector<ProbeRun> runs;
  for (std::int64_t seed = 0; seed < 5; ++seed) {
    ProbeRun run{.task = "length", .seed = seed};
    for (std::size_t i = 0; i < 100; ++i) {
      run.sentence.push_back(i);
      run.result.right.push_back(i % 2 == 0 ? 1 : 0);
      run.result.weight.push_back(1);
    }
    runs.push_back(run);
    run.features = ProbeFeatures::kMajority;
    for (double& right : run.result.right) right = seed < 2 ? 1 : 0;
    runs.push_back(std::move(run));
  }
  const auto comparisons = compare_probes(runs, 100, 5, 1000, 1);
  REQUIRE(comparisons.size() == 1);
  // A sentence drawn again is one more draw, in all seeds: as wide as 100 throws of a coin, not as 500.
  CHECK(comparisons[0].context.value == 50);
  CHECK(comparisons[0].context.high - comparisons[0].context.low == Approx(2 * 1.96 * 5).epsilon(0.15));
  CHECK(comparisons[0].majority.value == 40);
  CHECK(comparisons[0].majority.high - comparisons[0].majority.low > 70);
  CHECK(comparisons[0].over_majority.value == 10);
  CHECK(comparisons[0].judged == 500);
}
