#include "analysis/rank.h"

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
using isthmus::test::text_in;

namespace {

/// A plain network whose six units say, twice over, at which of the eight corners of a cube the only word of the
/// sentence lies: three dimensions, evenly filled.
std::shared_ptr<const LoadedModel> cube_model() {
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  options.hidden = 6;
  return made_model(options, 8, [](Arena<float>& values) {
    auto words = tensor_named(values, "encoder.embedding");
    words.setZero();
    for (Index word = 0; word < 8; ++word) {
      for (Index axis = 0; axis < 3; ++axis)
        words(axis, kSpecialTokens + word) = (word >> axis & 1) != 0 ? 1.0f : -1.0f;
    }
    auto input = tensor_named(values, "encoder.0.forward.input_weights");
    input.setZero();
    for (Index unit = 0; unit < 6; ++unit) input(unit, unit % 3) = 20;
    tensor_named(values, "encoder.0.forward.recurrent_weights") = 20 * Matrix<float>::Identity(6, 6);
    tensor_named(values, "encoder.0.forward.bias").setZero();
  });
}

std::vector<std::string> each_word(int times) {
  std::vector<std::string> lines;
  for (int i = 0; i < 8 * times; ++i) lines.push_back(fmt::format("w{}", i % 8));
  return lines;
}

}  // namespace

TEST_CASE("A context in three dimensions of six has rank three, and six when its dimensions are dealt out") {
  Laboratory laboratory(cube_model(), {.sources = each_word(100), .references = each_word(100)}, {.threads = 2});
  const StudyResult result = rank_study(laboratory, {});
  CHECK(*finding_of(result, "effective_rank").value == Approx(3).epsilon(1e-3));
  CHECK(*finding_of(result, "effective_rank").low == Approx(3).epsilon(1e-3));
  CHECK(*finding_of(result, "participation_ratio").value == Approx(3).epsilon(1e-3));
  CHECK(*finding_of(result, "axes_99").value == 3);
  CHECK(*finding_of(result, "shuffled_effective_rank").value > 5.9);
  // The corners' mean is the middle: Σu = 0.
  CHECK(*finding_of(result, "mean_cosine").value == Approx(-1.0 / 799).epsilon(1e-3));
  const MeasurementRows& axes = table_of(result, "rank_axes");
  REQUIRE(axes.rows.size() == 6);
  CHECK(number_in(axes, axes.rows[2], "cumulative") == Approx(1));
  CHECK(std::isnan(number_in(axes, axes.rows[3], "share")));
  CHECK(number_in(axes, axes.rows[5], "shuffled_share") > 0.1);
  CHECK(result.verdict.find("fewer than three") == std::string::npos);
}

TEST_CASE("Contexts that do not depend on the sentence have no dimension, and the verdict says so") {
  Laboratory laboratory(made_model(test::tiny_options(), 8, [](Arena<float>& values) { values.flat().setZero(); }),
                        {.sources = each_word(6), .references = each_word(6)}, {});
  const StudyResult result = rank_study(laboratory, {});
  CHECK(*finding_of(result, "effective_rank").value == 0);
  CHECK_FALSE(finding_of(result, "mean_cosine").value);
  CHECK_THAT(result.verdict, Catch::Contains("same context"));
  CHECK_THAT(result.meaning, Catch::Contains("does not depend on the sentence"));
}

TEST_CASE("Parts are measured apart, few sentences are marked, and threads change nothing") {
  ModelOptions deep = test::tiny_options();
  deep.layers = 2;
  const auto study = [&](std::int64_t threads) {
    Laboratory laboratory(
        made_model(deep, 12, {}, 7, 2.0),
        {.sources = random_lines(20, 9, 12, Random(1)), .references = random_lines(20, 9, 12, Random(2))},
        {.threads = threads});
    return rank_study(laboratory, {});
  };
  const StudyResult result = study(1);
  const MeasurementRows& figures = table_of(result, "rank_figures");
  std::vector<std::string> names;
  for (const auto& row : figures.rows) {
    names.push_back(text_in(figures, row, "part") + " " + text_in(figures, row, "subject"));
    CHECK(number_in(figures, row, "effective_rank") <= number_in(figures, row, "dimensions"));
    CHECK(number_in(figures, row, "axes_90") <= number_in(figures, row, "axes_99"));
  }
  CHECK(names == std::vector<std::string>{"hidden model", "hidden shuffled", "hidden untrained", "top-hidden model",
                                          "top-hidden shuffled", "top-hidden untrained", "memory model",
                                          "memory shuffled", "memory untrained"});
  CHECK(number_in(figures, figures.rows[0], "dimensions") == 8);
  CHECK(number_in(figures, figures.rows[3], "dimensions") == 4);
  CHECK_THAT(result.verdict, Catch::Contains("20 sentences are fewer than three for each dimension"));
  CHECK_FALSE(finding_of(result, "effective_rank").low);  // fewer than forty sentences have no blocks
  CHECK(study(2).verdict == result.verdict);
}

TEST_CASE("The rank study needs three sentences") {
  Laboratory laboratory(cube_model(), {.sources = {"w1", "w2"}, .references = {"w1", "w2"}}, {});
  CHECK_THROWS_AS(rank_study(laboratory, {}), InputError);
}
