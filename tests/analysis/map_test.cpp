#include "analysis/map.h"

#include <cmath>

#include "core/error.h"
#include "tests/analysis/bench.h"
#include "tests/analysis/measured_rows.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::finding_of;
using isthmus::test::made_model;
using isthmus::test::number_in;
using isthmus::test::random_lines;
using isthmus::test::table_of;
using isthmus::test::tensor_named;

namespace {

StudyOptions few_resamples() {
  StudyOptions options;
  options.resamples = 200;
  return options;
}

/// Lines of w0 … w5 and lines of w6 … w11 by turns.
std::vector<std::string> two_families(std::size_t count) {
  Random random(3);
  std::vector<std::string> lines(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (int word = 0; word < 5; ++word) {
      lines[i] += fmt::format("{}w{}", word == 0 ? "" : " ", random.below(6) + (i % 2 == 0 ? 0 : 6));
    }
  }
  return lines;
}

/// A plain network whose state points one way after words of the first family, the other after those of the second.
std::shared_ptr<const LoadedModel> family_model() {
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  return made_model(options, 12, [](Arena<float>& values) {
    auto words = tensor_named(values, "encoder.embedding");
    words.setZero();
    const Tokenizer tokenizer = [] {
      TokenizerOptions pieces;
      pieces.type = TokenizerType::kWord;
      pieces.vocabulary_size = 12 + kSpecialTokens;
      std::vector<std::string> lines;
      for (int i = 0; i < 12; ++i) lines.push_back(fmt::format("w{}", i));
      return Tokenizer::train(pieces, lines);
    }();
    for (int i = 0; i < 12; ++i) {
      words.col(tokenizer.encode(fmt::format("w{}", i)).at(0)).setConstant(i < 6 ? 1.0f : -1.0f);
    }
    tensor_named(values, "encoder.0.forward.bias").setZero();
    tensor_named(values, "encoder.0.forward.recurrent_weights") = 2 * Matrix<float>::Identity(4, 4);
  });
}

}  // namespace

TEST_CASE("A sentence that is there twice is its own nearest neighbour") {
  std::vector<std::string> lines = random_lines(60, 9, 12, Random(1));
  lines[3] = lines[17] = "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10";
  for (const CellType cell : {CellType::kTanh, CellType::kGru, CellType::kLstm}) {
    ModelOptions options = test::tiny_options();
    options.cell = cell;
    Laboratory laboratory(made_model(options, 12, {}, 7, 1.0), {.sources = lines, .references = lines}, {.threads = 2});
    const StudyResult result = map_study(laboratory, few_resamples());
    const MeasurementRows& near = table_of(result, "map_neighbours");
    REQUIRE(near.rows.size() == 60 * 5);
    for (const auto& [line, other] : {std::pair(4, 18), std::pair(18, 4)}) {
      const auto& row = near.rows[static_cast<std::size_t>(line - 1) * 5];
      CHECK(number_in(near, row, "line") == line);
      CHECK(number_in(near, row, "neighbour") == other);
      CHECK(number_in(near, row, "cosine") == Approx(1));
      CHECK(number_in(near, row, "edits") == 0);
      CHECK(number_in(near, row, "untrained_neighbour") == other);
    }
    for (std::size_t i = 0; i + 1 < near.rows.size(); ++i) {
      if ((i + 1) % 5 != 0)
        CHECK(number_in(near, near.rows[i], "cosine") >= number_in(near, near.rows[i + 1], "cosine"));
    }
    CHECK(result.contexts == vectors_of(laboratory.contexts()));
  }
}

TEST_CASE("Contexts that say which words a sentence has are found to, and dealt-out texts are not") {
  const std::vector<std::string> lines = two_families(100);
  Laboratory laboratory(family_model(), {.sources = lines, .references = lines}, {});
  const StudyResult result = map_study(laboratory, few_resamples());
  CHECK(*finding_of(result, "spearman").low > 0.3);
  CHECK(std::abs(*finding_of(result, "shuffled_spearman").value) < 0.1);
  CHECK(*finding_of(result, "shuffled_spearman").low < 0);
  CHECK(*finding_of(result, "shuffled_spearman").high > 0);
  CHECK(*finding_of(result, "neighbour_distance").high < *finding_of(result, "random_distance").low);
  // The map tells the families apart along its first axis.
  const MeasurementRows& points = table_of(result, "map_points");
  REQUIRE(points.rows.size() == 100);
  const bool first_is_right = number_in(points, points.rows[0], "x") > 0;
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK((number_in(points, points.rows[i], "x") > 0) == ((i % 2 == 0) == first_is_right));
  }
  CHECK(*finding_of(result, "plane_share").value > 90);
  // Pairs across the families have no word in common, and opposite contexts.
  const MeasurementRows& similarity = table_of(result, "map_similarity");
  CHECK(number_in(similarity, similarity.rows.front(), "cosine") > 0.9);
  CHECK(number_in(similarity, similarity.rows.back(), "cosine") < 0);
  double pairs = 0;
  for (const auto& row : similarity.rows) pairs += number_in(similarity, row, "pairs");
  CHECK(pairs == 4950);
}

TEST_CASE("Contexts that are noise to the words are not found to follow them") {
  // One unit that flips with every word: the state says whether the length is odd.
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  const auto model = made_model(options, 12, [](Arena<float>& values) {
    tensor_named(values, "encoder.0.forward.input_weights").setZero();
    tensor_named(values, "encoder.0.forward.recurrent_weights") = -20 * Matrix<float>::Identity(4, 4);
    tensor_named(values, "encoder.0.forward.bias").setConstant(0.01f);
  });
  const std::vector<std::string> lines = random_lines(120, 9, 12, Random(1));
  Laboratory laboratory(model, {.sources = lines, .references = lines}, {});
  const StudyResult result = map_study(laboratory, few_resamples());
  CHECK(std::abs(*finding_of(result, "spearman").value) < 0.15);
  CHECK(*finding_of(result, "untrained_spearman").value > *finding_of(result, "spearman").high);
}

TEST_CASE("The map's options bound what it looks at, and threads change nothing") {
  const std::vector<std::string> lines = random_lines(30, 9, 12, Random(1));
  StudyOptions options = few_resamples();
  options.map = {.neighbours = 40, .sentences = 4, .pairs = 50, .keep = false};
  const auto study = [&](std::int64_t threads) {
    Laboratory laboratory(made_model(test::tiny_options(), 12), {.sources = lines, .references = lines},
                          {.threads = threads});
    return map_study(laboratory, options);
  };
  const StudyResult result = study(1);
  CHECK(table_of(result, "map_neighbours").rows.size() == 4 * 29);  // all others
  CHECK(table_of(result, "map_points").rows.size() == 30);
  CHECK(result.contexts.size() == 0);
  CHECK(study(2).verdict == result.verdict);
  options.map.sentences = 0;
  CHECK(table_of(study(1), "map_neighbours").rows.size() == 30 * 29);
}

TEST_CASE("The map study needs three sentences") {
  Laboratory laboratory(made_model(test::tiny_options(), 12), {.sources = {"w1", "w2"}, .references = {"", ""}}, {});
  CHECK_THROWS_AS(map_study(laboratory, {}), InputError);
}
