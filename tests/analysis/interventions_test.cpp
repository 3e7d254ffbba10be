#include "analysis/interventions.h"

#include "core/error.h"
#include "tests/analysis/planted.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::column_of;
using isthmus::test::flat_model;
using isthmus::test::hearing_model;
using isthmus::test::own_text;
using isthmus::test::quick;
using isthmus::test::value_of;

namespace {

const std::vector<Index> kAll = {0, 1, 2, 3, 4, 5, 6, 7};

/// A column of the rows of one arm.
std::vector<double> of_arm(const StudyResult& result, const std::string& arm, const std::string& column) {
  MeasurementRows rows{.table = "", .columns = result.tables.at(0).columns, .rows = {}};
  for (const auto& row : result.tables.at(0).rows) {
    if (std::get<std::string>(row[0]) == arm) rows.rows.push_back(row);
  }
  return column_of(rows, column);
}

}  // namespace

TEST_CASE("Noise on a context that is not heard costs nothing") {
  const auto model = hearing_model({});
  Laboratory laboratory(model, own_text(model, 40), {});
  const StudyResult result = noise_study(laboratory, quick());
  for (const double change : of_arm(result, "noise", "bleu_change")) CHECK(change == 0);
  for (const double change : of_arm(result, "noise", "loss_change")) CHECK(change == Approx(0).margin(1e-5));
  CHECK(std::isnan(value_of(result, "half_noise")));
  CHECK(value_of(result, "borne_noise") == 4);
}

TEST_CASE("Much noise costs what is heard, and none costs nothing") {
  const auto model = hearing_model(kAll);
  Laboratory laboratory(model, own_text(model, 80), {.threads = 2, .batch = 16});
  StudyOptions options = quick();
  options.noise.levels = "0.5,20";
  const StudyResult result = noise_study(laboratory, options);
  const std::vector<double> loss = of_arm(result, "noise", "loss_change");
  REQUIRE(loss.size() == 3);
  CHECK(loss[0] == 0);
  CHECK(loss[1] > 0);
  CHECK(loss[2] > loss[1]);
  CHECK(of_arm(result, "noise", "level") == std::vector<double>{0, 0.5, 20});
  CHECK(of_arm(result, "noise", "bleu_change_high").back() < 0);
  CHECK(of_arm(result, "other", "loss_change").at(0) > 0);
}

TEST_CASE("Many bits cost nothing, one bit does") {
  const auto model = hearing_model(kAll);
  Laboratory laboratory(model, own_text(model, 80), {.threads = 2, .batch = 16});
  StudyOptions options = quick();
  options.quantise.bits = "1,16";
  const StudyResult result = quantise_study(laboratory, options);
  const std::vector<double> loss = of_arm(result, "rounded", "loss_change");
  CHECK(loss[0] > 0.01);
  CHECK(loss[1] == Approx(0).margin(1e-3));
  CHECK(of_arm(result, "rounded", "bleu_change")[1] == Approx(0).margin(1));
  CHECK(of_arm(result, "rounded", "error")[0] > 100 * of_arm(result, "rounded", "error")[1]);
  // Rounding to the middle of a cell and even noise over a cell are errors of one size, but for the ranges' ends.
  CHECK(of_arm(result, "noise", "error")[1] == Approx(of_arm(result, "rounded", "error")[1]).epsilon(0.2));
}

TEST_CASE("Contexts that vary in three units are restored by three axes, and by no fewer") {
  const auto model = flat_model(8, 3);
  Laboratory laboratory(model, own_text(model, 80), {.threads = 2, .batch = 16});
  StudyOptions options = quick();
  options.project.axes = "1,2,3,8";
  const StudyResult result = project_study(laboratory, options);
  const std::vector<double> loss = of_arm(result, "principal", "loss_change");
  CHECK(loss[0] > 0.01);
  CHECK(std::abs(loss[1]) > 1e-3);  // another context; whether a worse one, this text does not say
  CHECK(loss[2] == Approx(0).margin(1e-4));
  CHECK(of_arm(result, "principal", "variance")[1] < 0.999);
  CHECK(of_arm(result, "principal", "variance")[2] == Approx(1).epsilon(1e-4));
  CHECK(of_arm(result, "principal", "bleu_change")[2] == Approx(0).margin(1e-6));
  CHECK(value_of(result, "axes_bleu") <= 3);
  // All axes are all: whichever they are.
  for (const char* arm : {"principal", "random"})
    CHECK(of_arm(result, arm, "loss_change")[3] == Approx(0).margin(1e-4));
  CHECK(of_arm(result, "random", "variance")[2] < 0.9);
}

TEST_CASE("The edits of a sample are the same for any number of threads") {
  const auto model = hearing_model(kAll);
  StudyOptions options = quick();
  options.intervention.sentences = 12;
  const auto run = [&](std::int64_t threads) {
    Laboratory laboratory(model, own_text(model, 40), {.threads = threads, .batch = 8});
    return noise_study(laboratory, options).tables.at(0).rows;
  };
  const auto one = run(1);
  CHECK(one == run(2));
  CHECK(std::get<std::int64_t>(one[0][2]) == 12);
}

TEST_CASE("The first edit without loss is the one from which on none can be told") {
  const auto effect = [](double bleu_high, double loss_low) {
    return Effect{.bleu = {}, .bleu_change = {0, 0, bleu_high}, .loss_change = {0, loss_low, 0}};
  };
  const std::vector<Effect> effects = {effect(-5, 1), effect(0.1, 0.5), effect(-1, 0.2), effect(0.2, -0.1)};
  CHECK(first_without_loss_of_bleu(effects) == 3);
  CHECK(first_without_loss_of_likelihood(effects) == 3);
  CHECK(first_without_loss_of_bleu(std::span(effects).first(3)) == std::nullopt);
}

TEST_CASE("Lists of levels, bits and axes are numbers, and few lines are refused") {
  CHECK_THROWS_AS(noise_levels({.levels = "1,x"}), UsageError);
  CHECK_THROWS_AS(noise_levels({.levels = "-1"}), UsageError);
  CHECK_THROWS_AS(noise_levels({.levels = ""}), UsageError);
  CHECK(noise_levels({.levels = "2,0,1,1"}) == std::vector<double>{1, 2});
  CHECK_THROWS_AS(quantise_bits({.bits = "1.5"}), UsageError);
  CHECK_THROWS_AS(quantise_bits({.bits = ""}), UsageError);
  CHECK_THROWS_AS(quantise_bits({.bits = "0"}), UsageError);
  CHECK(project_axes({.axes = ""}, 12, 100) == std::vector<std::int64_t>{1, 2, 4, 8, 12});
  CHECK(project_axes({.axes = ""}, 12, 6) == std::vector<std::int64_t>{1, 2, 4, 12});
  CHECK(project_axes({.axes = "12,3"}, 12, 6) == std::vector<std::int64_t>{3, 12});
  CHECK_THROWS_WITH(project_axes({.axes = "13"}, 12, 100), Catch::Contains("the context has 12"));
  CHECK_THROWS_WITH(project_axes({.axes = "6"}, 12, 6), Catch::Contains("tell 5 axes and no more"));
  CHECK_THROWS_AS(project_axes({.axes = "0"}, 12, 100), UsageError);
  const auto model = hearing_model({});
  Laboratory laboratory(model, {.sources = {"w1", "w2"}, .references = {"w1", "w2"}}, {});
  CHECK_THROWS_AS(noise_study(laboratory, quick()), InputError);
}
