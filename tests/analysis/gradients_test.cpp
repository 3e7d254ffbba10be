#include "analysis/gradients.h"

#include <Eigen/QR>

#include "tests/analysis/bench.h"
#include "tests/analysis/findings.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::finding_of;
using isthmus::test::made_model;
using isthmus::test::random_lines;
using isthmus::test::tensor_named;
using isthmus::test::value_of;

namespace {

ModelOptions shape_of(CellType cell) {
  ModelOptions shape;
  shape.cell = cell;
  shape.hidden = 16;
  shape.embedding = 5;
  return shape;
}

/// factor·Q with an orthogonal Q: the norm of what passes through it is multiplied by the factor.
Matrix<float> rotation(Index size, float factor, std::uint64_t seed) {
  Random random(seed);
  Matrix<float> noise(size, size);
  for (Index i = 0; i < noise.size(); ++i) noise.data()[i] = static_cast<float>(random.normal());
  return factor * Matrix<float>(Eigen::HouseholderQR<Matrix<float>>(noise).householderQ());
}

/// Input so small that tanh is a line: a linear network whose spectral radius is known.
void make_linear(Arena<float>& values, const std::string& direction, float factor) {
  auto u = tensor_named(values, "encoder.0." + direction + ".recurrent_weights");
  u = rotation(u.rows(), factor, 5);
  tensor_named(values, "encoder.0." + direction + ".input_weights") *= 1e-4f;
  tensor_named(values, "encoder.0." + direction + ".bias").setZero();
}

Laboratory bench(const ModelOptions& shape, const std::function<void(Arena<float>&)>& plant, std::int64_t threads = 1,
                 std::size_t longest = 30) {
  return Laboratory(
      made_model(shape, 12, plant),
      {.sources = random_lines(80, longest, 12, Random(1)), .references = random_lines(80, 9, 12, Random(2))},
      {.threads = threads, .batch = 16});
}

StudyOptions few_resamples() {
  StudyOptions options;
  options.resamples = 50;
  options.gradients.probes = 8;
  return options;
}

}  // namespace

TEST_CASE("The gradient of a linear network of spectral radius ρ changes by ρ a step") {
  for (const double factor : {0.8, 0.95, 1.05}) {
    CAPTURE(factor);
    Laboratory laboratory = bench(shape_of(CellType::kTanh), [factor](Arena<float>& values) {
      make_linear(values, "forward", static_cast<float>(factor));
    });
    const StudyResult result = gradients_study(laboratory, few_resamples());
    CHECK(value_of(result, "state_factor") == Approx(factor).epsilon(1e-3));
    CHECK(value_of(result, "input_factor") == Approx(factor).epsilon(1e-2));
    CHECK(value_of(result, "state_bound") == Approx(factor).epsilon(1e-4));
    CHECK(value_of(result, "state_fit_r2") > 0.9999);
    CHECK(value_of(result, "state_at_10") == Approx(std::pow(factor, 10)).epsilon(1e-3));
    if (factor < 1) {
      CHECK(value_of(result, "state_half_life") == Approx(std::log(0.5) / std::log(factor)).epsilon(1e-2));
      CHECK(result.verdict.find("keeps half over") != std::string::npos);
    } else {
      CHECK_FALSE(finding_of(result, "state_half_life").value);
      CHECK(result.verdict.find("grows") != std::string::npos);
      CHECK(result.meaning.find("explode") != std::string::npos);
    }
  }
}

TEST_CASE("Where the recurrence is a rotation nothing vanishes") {
  Laboratory laboratory =
      bench(shape_of(CellType::kTanh), [](Arena<float>& values) { make_linear(values, "forward", 1.0f); });
  const StudyResult result = gradients_study(laboratory, few_resamples());
  CHECK(value_of(result, "state_factor") == Approx(1).epsilon(1e-4));
  CHECK(result.verdict.find("stays what it is") != std::string::npos);
  CHECK(result.meaning.find("cut off") != std::string::npos);
}

TEST_CASE("Each direction has a distance of its own") {
  ModelOptions shape = shape_of(CellType::kTanh);
  shape.bidirectional = true;
  Laboratory laboratory = bench(shape, [](Arena<float>& values) {
    make_linear(values, "forward", 0.8f);
    make_linear(values, "backward", 0.95f);
  });
  const StudyResult result = gradients_study(laboratory, few_resamples());
  CHECK(value_of(result, "state_factor") == Approx(0.8).epsilon(1e-3));
  CHECK(value_of(result, "state_backward_factor") == Approx(0.95).epsilon(1e-3));
  CHECK(value_of(result, "input_backward_factor") == Approx(0.95).epsilon(1e-2));
}

TEST_CASE("A memory that forgets a tenth a step has the half-life of that") {
  Laboratory laboratory = bench(shape_of(CellType::kLstm), [](Arena<float>& values) {
    tensor_named(values, "encoder.0.forward.recurrent_weights").setZero();
    tensor_named(values, "encoder.0.forward.input_weights") *= 1e-3f;
    auto bias = tensor_named(values, "encoder.0.forward.bias");
    bias.setZero();
    bias.middleRows(16, 16).setConstant(std::log(9.0f));  // σ⁻¹(0.9)
  });
  const StudyResult result = gradients_study(laboratory, few_resamples());
  CHECK(value_of(result, "input_factor") == Approx(0.9).epsilon(1e-2));
  CHECK(value_of(result, "input_half_life") == Approx(std::log(0.5) / std::log(0.9)).epsilon(0.1));
}

TEST_CASE("No gradient of a plain network exceeds the bound") {
  Laboratory laboratory = bench(shape_of(CellType::kTanh), {});
  const StudyResult result = gradients_study(laboratory, few_resamples());
  const MeasurementRows& table = result.tables[0];
  REQUIRE(table.columns[5] == "mean");
  REQUIRE(table.columns[12] == "bound");
  std::size_t bounded = 0;
  for (const auto& row : table.rows) {
    if (std::get<std::string>(row[0]) != "state") continue;
    CHECK(std::get<double>(row[5]) <= std::get<double>(row[12]) * 1.001);
    ++bounded;
  }
  CHECK(bounded > 40);
}

TEST_CASE("Gradients do not depend on the number of threads; few sentences tell nothing") {
  for (const CellType cell : {CellType::kGru, CellType::kLstm}) {
    ModelOptions shape = shape_of(cell);
    shape.layers = 2;
    shape.attention = cell == CellType::kGru ? AttentionType::kBahdanau : AttentionType::kNone;
    Laboratory one = bench(shape, {}, 1);
    Laboratory two = bench(shape, {}, 2);
    const StudyResult a = gradients_study(one, few_resamples());
    CHECK(a.tables[0].rows == gradients_study(two, few_resamples()).tables[0].rows);
    CHECK_THROWS_AS(value_of(a, "state_bound"), std::logic_error);
    Laboratory few(made_model(shape, 12), {.sources = {"w1 w2 w3"}, .references = {"w1"}}, {});
    CHECK(gradients_study(few, few_resamples()).verdict.find("Too few") != std::string::npos);
  }
}
