#include "analysis/gate_saturation.h"

#include "analysis/gate_counts.h"
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
using isthmus::test::text_in;

namespace {

LaboratoryText some_text() {
  return {.sources = random_lines(50, 9, 12, Random(1)), .references = random_lines(50, 9, 12, Random(2))};
}

StudyResult study(const std::shared_ptr<const LoadedModel>& model, std::int64_t threads = 1) {
  Laboratory laboratory(model, some_text(), {.threads = threads, .batch = 8});
  return saturation_study(laboratory, {});
}

}  // namespace

TEST_CASE("A large bias on one gate saturates it, at its end, and no other") {
  const std::vector<std::pair<CellType, std::vector<std::string>>> cells{
      {CellType::kTanh, {"hidden"}},
      {CellType::kGru, {"reset", "update", "candidate"}},
      {CellType::kLstm, {"input", "forget", "candidate", "output"}}};
  for (const auto& [cell, names] : cells) {
    for (std::size_t planted = 0; planted < names.size(); ++planted) {
      for (const float bias : {50.0f, -50.0f}) {
        ModelOptions options = test::tiny_options();
        options.cell = cell;
        const StudyResult result = study(made_model(options, 12, [&](Arena<float>& values) {
          values.flat().setZero();
          tensor_named(values, "encoder.0.forward.bias")
              .middleRows(static_cast<Index>(planted) * 4, 4)
              .setConstant(bias);
        }));
        const MeasurementRows& figures = table_of(result, "gate_figures");
        for (const auto& row : figures.rows) {
          const std::string gate = text_in(figures, row, "gate");
          INFO(gate << " where " << names[planted] << " is planted");
          const bool is_planted = gate == names[planted] && text_in(figures, row, "side") == "encoder";
          CHECK(number_in(figures, row, "saturated") == (is_planted ? 1 : 0));
          CHECK(number_in(figures, row, bias > 0 ? "right_share" : "left_share") == (is_planted ? 1 : 0));
          CHECK(number_in(figures, row, "stuck_units") == (is_planted ? 1 : 0));
          if (!is_planted && gate != "memory") {
            const double middle = text_in(figures, row, "activation") == "sigmoid" ? 0.5 : 0.0;
            CHECK(number_in(figures, row, "mean") == Approx(middle));
          }
        }
      }
    }
  }
}

TEST_CASE("Where nothing is saturated the study says so, and an untrained network is what it is compared with") {
  const StudyResult result = study(made_model(test::tiny_options(), 12, [](Arena<float>& v) { v.flat().setZero(); }));
  CHECK(*finding_of(result, "encoder_gates").value == 0);
  CHECK(*finding_of(result, "encoder_gates").high == 0);
  CHECK(*finding_of(result, "decoder_units").value == 0);
  CHECK_THAT(result.meaning, Catch::StartsWith("Most units are where tanh still passes a gradient"));
  const MeasurementRows& figures = table_of(result, "gate_figures");
  // An LSTM begins with forget gates that are half open: a bias of 1.
  CHECK(text_in(figures, figures.rows[1], "gate") == "forget");
  CHECK(number_in(figures, figures.rows[1], "untrained_mean") == Approx(0.731).margin(0.05));
}

TEST_CASE("Counts are of every unit and step of all layers and directions, whatever batch and threads") {
  for (const CellType cell : {CellType::kTanh, CellType::kGru, CellType::kLstm}) {
    ModelOptions options = test::tiny_options();
    options.cell = cell;
    options.layers = 2;
    options.bidirectional = true;
    options.layer_norm = true;
    options.attention = AttentionType::kBahdanau;
    const auto model = made_model(options, 12, {}, 7, 2.0);
    const auto count = [&](std::int64_t threads, std::int64_t batch) {
      Laboratory laboratory(model, some_text(), {.threads = threads, .batch = batch});
      return count_gates(laboratory, laboratory.values());
    };
    Laboratory laboratory(model, some_text(), {});
    std::int64_t steps[2] = {0, 0};
    for (std::size_t i = 0; i < laboratory.size(); ++i) {
      steps[0] += static_cast<std::int64_t>(laboratory.sources()[i].size()) + 1;
      steps[1] += static_cast<std::int64_t>(laboratory.references()[i].size()) + 1;
    }
    const std::vector<Gate> gates = gates_of(options);
    const auto one = count(1, 1), many = count(2, 64);
    REQUIRE(one.size() == gates.size());
    bool some = false;
    for (std::size_t i = 0; i < gates.size(); ++i) {
      CHECK(one[i].values == gates[i].units * steps[gates[i].side == "encoder" ? 0 : 1]);
      CHECK(one[i].sentence_values == many[i].sentence_values);
      CHECK(one[i].left == many[i].left);
      CHECK(one[i].right == many[i].right);
      CHECK(one[i].sentence_saturated == many[i].sentence_saturated);
      CHECK(one[i].saturated_steps == many[i].saturated_steps);
      CHECK(one[i].bins == many[i].bins);
      CHECK(one[i].mean() == Approx(many[i].mean()));
      double saturated = 0;
      std::int64_t binned = 0;
      for (const double of_sentence : one[i].sentence_saturated) saturated += of_sentence;
      for (const std::int64_t bin : one[i].bins) binned += bin;
      CHECK(saturated == static_cast<double>(one[i].left + one[i].right));
      CHECK(binned == one[i].values);
      // The outermost bins of a sigmoid are its saturated parts.
      if (gates[i].is_sigmoid) CHECK(one[i].bins[0] == one[i].left);
      some = some || saturated > 0;
    }
    CHECK(some);
  }
}

TEST_CASE("A plain network has no gates to find") {
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  const StudyResult result = study(made_model(options, 12, {}, 7, 2.0));
  CHECK_THROWS(finding_of(result, "encoder_gates"));
  CHECK(*finding_of(result, "encoder_units").value > 0);
  CHECK(result.verdict.find("gates") == std::string::npos);
}
