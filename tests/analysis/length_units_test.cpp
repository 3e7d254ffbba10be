#include "analysis/length_units.h"

#include "core/error.h"
#include "tests/analysis/bench.h"
#include "tests/analysis/findings.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::made_model;
using isthmus::test::random_lines;
using isthmus::test::tensor_named;
using isthmus::test::value_of;

namespace {

constexpr Index kHidden = 12;

ModelOptions shape_of(CellType cell) {
  ModelOptions shape;
  shape.cell = cell;
  shape.hidden = kHidden;
  shape.embedding = 6;
  return shape;
}

/// The memory of one unit: it forgets nothing and adds tanh(candidate) at each step, whatever is read.
void make_counter(Arena<float>& values, const std::string& layer, Index unit, float candidate) {
  const float biases[] = {30.0f, 30.0f, candidate, 0.0f};  // i f g o
  for (Index gate = 0; gate < 4; ++gate) {
    const Index row = gate * kHidden + unit;
    tensor_named(values, layer + ".input_weights").row(row).setZero();
    tensor_named(values, layer + ".recurrent_weights").row(row).setZero();
    tensor_named(values, layer + ".bias")(row, 0) = biases[gate];
  }
}

/// Translations as long as their sources.
Laboratory bench(std::shared_ptr<const LoadedModel> model, std::int64_t threads = 1) {
  return Laboratory(
      std::move(model),
      {.sources = random_lines(120, 20, 12, Random(1)), .references = random_lines(120, 20, 12, Random(1))},
      {.threads = threads, .batch = 16});
}

StudyOptions few_resamples() {
  StudyOptions options;
  options.resamples = 50;
  return options;
}

}  // namespace

TEST_CASE("A memory cell that counts is found, in the encoder and in the decoder") {
  Laboratory laboratory = bench(made_model(shape_of(CellType::kLstm), 12, [](Arena<float>& values) {
    make_counter(values, "encoder.0.forward", 3, 0.3f);
    make_counter(values, "decoder.0", 3, -0.3f);  // begins where the encoder ended, and counts down
  }));
  const StudyResult result = length_units_study(laboratory, few_resamples());
  CHECK(value_of(result, "encoder_trained_1") > 0.9999);
  CHECK(value_of(result, "decoder_trained_1") > 0.9999);
  CHECK(value_of(result, "decoder_written_1") < 0.9);
  CHECK(std::abs(value_of(result, "encoder_shuffled_1")) < 0.05);
  CHECK(std::abs(value_of(result, "decoder_shuffled_1")) < 0.05);
  CHECK(result.verdict.find("encoder's best unit of 24 (memory 3 of layer 0, unit 15 of the context) tells the number "
                            "of pieces read with R² "
                            "1.00") != std::string::npos);
  CHECK(result.meaning.find("planned from the context") != std::string::npos);
  REQUIRE(result.tables[1].table == "length_unit_value");
  for (const auto& row : result.tables[1].rows) {
    CHECK(std::get<double>(row[5]) == Approx(static_cast<double>(std::get<std::int64_t>(row[3]))).margin(0.01));
  }
}

TEST_CASE("States that know the last word alone tell no number") {
  Laboratory laboratory = bench(made_model(shape_of(CellType::kTanh), 12, [](Arena<float>& values) {
    tensor_named(values, "encoder.0.forward.recurrent_weights").setZero();
    tensor_named(values, "encoder.embedding").col(kEnd) = tensor_named(values, "encoder.embedding").col(5);
  }));
  const StudyResult result = length_units_study(laboratory, few_resamples());
  CHECK(std::abs(value_of(result, "encoder_trained_1")) < 0.05);
  CHECK(std::abs(value_of(result, "encoder_trained_2")) < 0.05);
}

TEST_CASE("Units that count do not depend on the number of threads, and need sentences") {
  ModelOptions shape = shape_of(CellType::kGru);
  shape.bidirectional = true;
  shape.layers = 2;
  shape.attention = AttentionType::kLuong;
  const auto model = made_model(shape, 12);
  Laboratory one = bench(model, 1);
  Laboratory two = bench(model, 2);
  const StudyResult result = length_units_study(one, few_resamples());
  CHECK(result.tables[0].rows == length_units_study(two, few_resamples()).tables[0].rows);
  StudyOptions part = few_resamples();
  part.length_units.sentences = 20;
  CHECK(length_units_study(one, part).tables[0].rows != result.tables[0].rows);
  Laboratory few(model, {.sources = {"w1", "w2"}, .references = {"w1", "w2"}}, {});
  CHECK_THROWS_AS(length_units_study(few, few_resamples()), InputError);
}
