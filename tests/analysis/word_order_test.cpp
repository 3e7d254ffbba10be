#include "analysis/word_order.h"

#include "core/error.h"
#include "tests/analysis/planted_encoders.h"

using namespace isthmus;
using namespace isthmus::test;

namespace {

/// Of the row of a change, of a swap that whose bin begins there.
double measured(const StudyResult& result, const std::string& change, const std::string& column, double from = -1) {
  const MeasurementRows& rows = result.tables.at(0);
  for (const auto& row : rows.rows) {
    if (row[0] != MeasuredValue(change)) continue;
    if (from >= 0 && number_in(rows, row, "from_distance") != from) continue;
    return number_in(rows, row, column);
  }
  throw std::logic_error("no such row");
}

StudyResult study(const std::shared_ptr<const LoadedModel>& model, std::int64_t threads = 1) {
  return study_word_order(*own_translations(model, lines_of_length(60, 16, Random(5)), threads), quick_options());
}

constexpr const char* kShuffles[] = {"window-2", "window-3", "window-5", "reverse", "shuffle"};

}  // namespace

TEST_CASE("A bag of words has no order: no permutation is noticed, another sentence is") {
  const StudyResult result = study(made_model(planted_shape(CellType::kTanh, 8), kPlantedWords, plant_bag));
  for (const char* change : kShuffles) {
    INFO(change);
    CHECK(measured(result, change, "moved") > 0.3);
    CHECK(measured(result, change, "centred_cosine") > 0.9999);
    CHECK(std::abs(measured(result, change, "share")) < 0.01);
  }
  CHECK(measured(result, "other", "centred_cosine") < 0.5);
  CHECK(finding_of(result, "other").low.value() > 0);
  CHECK_THAT(result.meaning, Catch::Contains("hardly by their order"));
}

TEST_CASE("What a shift register has forgotten may be swapped, what it holds may not") {
  ModelOptions shape = planted_shape(CellType::kTanh, 12);
  for (const bool reversed : {false, true}) {
    shape.reverse_source = reversed;
    // Four blocks: three words and the end.
    const StudyResult result =
        study(made_model(shape, kPlantedWords, [](Arena<float>& values) { plant_shift_register(values, 4); }));
    CHECK(measured(result, "swap", "cosine", 0) < 0.99);
    CHECK(measured(result, "swap", "loss_rise", 0) > 0.01);
    for (const double far : {3, 6, 11}) {
      CHECK(measured(result, "swap", "cosine", far) == Approx(1));
      CHECK(measured(result, "swap", "loss_rise", far) == 0);
    }
    CHECK(measured(result, "shuffle", "loss_rise") > measured(result, "swap", "loss_rise", 0));
    CHECK(finding_of(result, "shuffle").low.value() > 0);
    CHECK(measured(result, "shuffle", "share") > 0.5);
  }
}

TEST_CASE("The ends of the scale: the same source again costs nothing, another one all") {
  const StudyResult result = study(made_model(planted_shape(CellType::kGru, 8), kPlantedWords));
  CHECK(measured(result, "identity", "moved") == 0);
  CHECK(measured(result, "identity", "cosine") == Approx(1));
  CHECK(std::abs(measured(result, "identity", "loss_rise")) < 1e-5);
  CHECK(measured(result, "other", "share") == Approx(1));
  CHECK(std::abs(measured(result, "other", "centred_cosine")) < 0.5);
  CHECK(measured(result, "swap", "moved", 0) == Approx(2.0 / 16));
  CHECK(finding_of(result, "share_shuffle").value.value() == Approx(100 * measured(result, "shuffle", "share")));
}

TEST_CASE("The word-order study is the same for any number of threads") {
  const auto model = made_model(planted_shape(CellType::kGru, 8), kPlantedWords);
  const StudyResult one = study(model, 1), two = study(model, 2);
  CHECK(one.verdict == two.verdict);
  CHECK(one.tables[0].rows == two.tables[0].rows);
}

TEST_CASE("A decoder that does not read its context is found out") {
  const auto model = made_model(planted_shape(CellType::kGru, 8), kPlantedWords, [](Arena<float>& values) {
    for (const char* name : {"encoder.0.forward.input_weights", "encoder.0.forward.recurrent_weights"}) {
      tensor_named(values, name).setZero();
    }
  });
  CHECK_THAT(study(model).verdict, Catch::Contains("it was not seen that this decoder reads its context"));
}

TEST_CASE("Where there is nothing to permute, the word-order study says so") {
  const auto model = made_model(planted_shape(CellType::kGru, 8), kPlantedWords);
  const auto short_lines = own_translations(model, {"w1 w2 w3", "w1 w2", "w1 w2 w3 w4"});
  CHECK_THROWS_WITH(study_word_order(*short_lines, quick_options()), Catch::Contains("4 or more pieces"));
  // No two neighbours differ: there is no swap.
  const auto same = own_translations(model, {"w1 w1 w1 w1", "w2 w2 w2 w2"});
  const StudyResult result = study_word_order(*same, quick_options());
  for (const auto& row : result.tables[0].rows) CHECK(row[0] != MeasuredValue("swap"));
}

TEST_CASE("A sample of sentences is as large as it was asked for") {
  StudyOptions options = quick_options();
  options.word_order.sentences = 20;
  const auto model = made_model(planted_shape(CellType::kGru, 8), kPlantedWords);
  const auto laboratory = own_translations(model, lines_of_length(60, 16, Random(5)));
  CHECK(measured(study_word_order(*laboratory, options), "shuffle", "sentences") == 20);
}
