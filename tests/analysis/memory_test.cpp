#include "analysis/memory.h"

#include <algorithm>

#include "analysis/memory_curves.h"
#include "analysis/word_order.h"
#include "core/error.h"
#include "tests/analysis/planted_encoders.h"

using namespace isthmus;
using namespace isthmus::test;

namespace {

StudyResult study(const std::shared_ptr<const LoadedModel>& model, std::size_t length = 24, std::int64_t threads = 1) {
  return study_memory(*own_translations(model, lines_of_length(60, length, Random(3)), threads), quick_options());
}

std::shared_ptr<const LoadedModel> decaying(double rho, ModelOptions shape = planted_shape(CellType::kGru, 8)) {
  return made_model(shape, kPlantedWords, [&](Arena<float>& values) {
    plant_decay(values, "forward", rho);
    if (shape.bidirectional) plant_decay(values, "backward", rho);
  });
}

/// Of the row of an end, a change and a distance.
double measured(const StudyResult& result, const std::string& end, const std::string& change, double distance,
                const std::string& column) {
  const MeasurementRows& rows = result.tables.at(0);
  for (const auto& row : rows.rows) {
    if (row[0] == MeasuredValue(end) && row[1] == MeasuredValue(change) &&
        number_in(rows, row, "distance") == distance) {
      return number_in(rows, row, column);
    }
  }
  throw std::logic_error("no such row");
}

}  // namespace

TEST_CASE("An encoder that decays by a factor at each step has the half-life of that factor") {
  for (const double rho : {0.5, 0.7, 0.85}) {
    const StudyResult result = study(decaying(rho));
    const double truth = std::log(2.0) / -std::log(rho);
    CHECK(finding_of(result, "context_half_life").value.value() == Approx(truth).epsilon(0.03));
    CHECK(finding_of(result, "context_half_life").low.value() < 1.02 * truth);
    CHECK(finding_of(result, "context_half_life").high.value() > 0.98 * truth);
    CHECK(finding_of(result, "context_half_life_drop").value.value() == Approx(truth).epsilon(0.1));
    CHECK(finding_of(result, "context_half_distance").value.value() == Approx(std::ceil(truth + 1e-6)).margin(1));
    CHECK(finding_of(result, "span").value.value() ==
          Approx(std::min(23.0, std::log(0.01) / std::log(rho))).margin(1.5));
    CHECK_THAT(result.verdict, Catch::Contains("its norm, which halves every"));
    // Counted from the other end, the same grows.
    CHECK_FALSE(finding_of(result, "context_half_life_begin").value.has_value());
  }
}

TEST_CASE("A linear network with U = ρI forgets by ρ, too") {
  const auto model = made_model(planted_shape(CellType::kTanh, 8), kPlantedWords, [](Arena<float>& values) {
    plant_linear(values, 0.8f * Matrix<float>::Identity(8, 8), 8);
  });
  const StudyResult result = study(model);
  CHECK(finding_of(result, "context_half_life").value.value() == Approx(std::log(2.0) / -std::log(0.8)).epsilon(0.03));
}

TEST_CASE("A shift register remembers its last words whole and nothing before them") {
  // 18 states: six blocks of three, one of which holds the end of the sentence.
  const auto model = made_model(planted_shape(CellType::kTanh, 18), kPlantedWords,
                                [](Arena<float>& values) { plant_shift_register(values, 6); });
  const StudyResult result = study(model, 20);
  for (const char* change : {"replace", "drop"}) {
    for (double distance = 0; distance < 20; ++distance) {
      INFO(change << " " << distance);
      if (distance < 5) {
        CHECK(measured(result, "end", change, distance, "context_change") > 0.1);
      } else {
        CHECK(measured(result, "end", change, distance, "context_change") == 0);
        CHECK(std::abs(measured(result, "end", change, distance, "loss_rise")) < 1e-5);  // batches differ
      }
    }
  }
  CHECK(measured(result, "end", "replace", 0, "loss_rise") > 0.01);
  CHECK(finding_of(result, "span").value == 4);
  CHECK(finding_of(result, "span").low == 4);
  CHECK(finding_of(result, "span").high == 4);
  CHECK(finding_of(result, "span_drop").value == 4);
  CHECK(finding_of(result, "context_half_distance").value == 5);
  CHECK_THAT(result.verdict, Catch::Contains("beyond 4 pieces it is under a hundredth of the most"));
}

TEST_CASE("A bag of words forgets nothing, and is not accused of it") {
  const auto model = made_model(planted_shape(CellType::kTanh, 8), kPlantedWords, plant_bag);
  const StudyResult result = study(model);
  CHECK_FALSE(finding_of(result, "context_half_life").high.has_value());
  CHECK_FALSE(finding_of(result, "context_half_distance").value.has_value());
  CHECK(finding_of(result, "span").value == 23);
  CHECK_THAT(result.meaning, Catch::Contains("does not make this encoder forget"));
}

TEST_CASE("Distance follows the reading: a source read in reverse is remembered from its beginning") {
  ModelOptions shape = planted_shape(CellType::kGru, 8);
  shape.reverse_source = true;
  const StudyResult result = study(decaying(0.7, shape));
  CHECK(finding_of(result, "context_half_life").value.value() == Approx(std::log(2.0) / -std::log(0.7)).epsilon(0.03));
  CHECK_THAT(result.verdict, Catch::Contains("read in reverse"));
}

TEST_CASE("Two directions remember both ends") {
  ModelOptions shape = planted_shape(CellType::kGru, 8);
  shape.bidirectional = true;
  const StudyResult result = study(decaying(0.6, shape));
  for (const char* end : {"end", "begin"}) {
    CHECK(measured(result, end, "replace", 0, "context_change") > 0.1);
    CHECK(measured(result, end, "replace", 12, "context_change") < 0.01);
  }
  CHECK_THAT(result.verdict, Catch::Contains("both are ends"));
}

TEST_CASE("A piece in its own place changes nothing, and an untrained encoder stands beside") {
  const StudyResult result = study(decaying(0.5));
  for (const auto& row : result.tables[0].rows) {
    CHECK(number_in(result.tables[0], row, "self_context_change") < 1e-6);
    CHECK(std::abs(number_in(result.tables[0], row, "self_loss_rise")) < 1e-4);
  }
  CHECK(measured(result, "end", "replace", 20, "untrained_context_change") >
        100 * measured(result, "end", "replace", 20, "context_change"));
}

TEST_CASE("The memory study is the same for any number of threads, and changes with the seed") {
  const auto model = decaying(0.7);
  const StudyResult one = study(model, 12, 1);
  CHECK(one.tables[0].rows.size() == 48);
  CHECK(one.verdict == study(model, 12, 2).verdict);
  StudyOptions other = quick_options();
  other.seed = 2;
  CHECK(one.verdict != study_memory(*own_translations(model, lines_of_length(60, 12, Random(3))), other).verdict);
}

TEST_CASE("The memory study takes what it is told to, and says when that is too little") {
  const auto model = decaying(0.7);
  StudyOptions options = quick_options();
  options.memory = {.sentences = 25, .distance = 6};
  const StudyResult result = study_memory(*own_translations(model, lines_of_length(60, 12, Random(3))), options);
  for (const auto& row : result.tables[0].rows) {
    CHECK(number_in(result.tables[0], row, "sentences") == 25);
    CHECK(number_in(result.tables[0], row, "distance") <= 6);
  }
  const auto few = own_translations(model, lines_of_length(5, 12, Random(3)));
  CHECK_THAT(study_memory(*few, quick_options()).verdict, Catch::Contains("Too few sentences"));
  const auto none = own_translations(model, {"w1", "", "w2"});
  CHECK_THROWS_WITH(study_memory(*none, quick_options()), Catch::Contains("two sources with two or more pieces"));
}

TEST_CASE("The studies of changed sources take any shape of model, and texts with blank lines") {
  ModelOptions deep = planted_shape(CellType::kLstm, 8);
  deep.layers = 2;
  deep.bidirectional = true;
  ModelOptions attends = planted_shape(CellType::kGru, 8);
  attends.attention = AttentionType::kBahdanau;
  attends.context = ContextUse::kInitial;
  std::vector<std::string> lines = lines_of_length(30, 7, Random(3));
  lines[4] = "";
  for (const ModelOptions& shape : {deep, attends}) {
    const auto laboratory = own_translations(made_model(shape, kPlantedWords), lines);
    const StudyResult memory = study_memory(*laboratory, quick_options());
    CHECK(memory.tables[0].rows.size() == 28);
    CHECK(number_in(memory.tables[0], memory.tables[0].rows[0], "sentences") == 29);
    CHECK(number_in(memory.tables[0], memory.tables[0].rows[0], "context_change") > 0);
    const StudyResult order = study_word_order(*laboratory, quick_options());
    CHECK(std::abs(finding_of(order, "other").value.value()) > 0);
    CHECK_FALSE(order.verdict.empty());
  }
}

TEST_CASE("Curves with gaps: means of those that are there") {
  DistanceTable table(3, 3);
  table << 8, 4, 2, 8, 4, std::nan(""), 8, 4, std::nan("");
  CHECK(sentences_at(table) == std::vector<std::int64_t>{3, 3, 1});
  CHECK(mean_at(table, 2, {}).value == 2);
  CHECK(half_life(table, {0, 1, 2}, {.resamples = 50}).value == Approx(1));
  CHECK(half_distance(table, {0, 1, 2}, {.resamples = 50}).value == 2);
  CHECK(span(table, {0, 1, 2}, {.resamples = 50}).value == 2);
}
