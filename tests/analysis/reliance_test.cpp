#include "analysis/reliance.h"

#include "core/error.h"
#include "tests/analysis/planted.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::hearing_model;
using isthmus::test::low_of;
using isthmus::test::own_text;
using isthmus::test::quick;
using isthmus::test::value_of;

namespace {

const char* const kContexts[] = {"swapped", "similar", "mean", "zero"};

}  // namespace

TEST_CASE("A decoder that does not hear its context relies on none") {
  const auto model = hearing_model({});
  Laboratory laboratory(model, own_text(model, 60), {});
  const StudyResult result = reliance_study(laboratory, quick());
  for (const std::string context : kContexts) {
    INFO(context);
    CHECK(value_of(result, "reliance_" + context) == Approx(0).margin(1e-5));
  }
  CHECK(result.verdict.find("cannot be told") != std::string::npos);
}

TEST_CASE("A decoder that hears its context is worse off with any other") {
  const auto model = hearing_model({0, 1, 2, 3, 4, 5, 6, 7});
  Laboratory laboratory(model, own_text(model, 60), {.threads = 2, .batch = 16});
  const StudyResult result = reliance_study(laboratory, quick());
  for (const std::string context : kContexts) {
    INFO(context);
    CHECK(low_of(result, "reliance_" + context) > 0);
  }
}

TEST_CASE("A decoder that begins from its context and has no memory of its own forgets it at once") {
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  const auto plant = [](Arena<float>& values) { test::tensor_named(values, "decoder.0.recurrent_weights") *= 0.02f; };
  const auto model = test::made_model(options, 12, plant, 7, 2.0);
  Laboratory laboratory(
      model,
      {.sources = test::random_lines(60, 9, 12, Random(1)), .references = test::random_lines(60, 9, 12, Random(1))},
      {});
  // The references need not be likely: the losses only have to differ where the context is heard.
  const StudyResult result = reliance_study(laboratory, quick());
  const MeasurementRows& rows = result.tables.at(0);
  std::vector<double> swapped;
  for (const auto& row : rows.rows) {
    if (std::get<std::string>(row[0]) == "swapped") swapped.push_back(std::abs(std::get<double>(row[4])));
  }
  REQUIRE(swapped.size() > 5);
  CHECK(swapped[3] < 0.02 * swapped[0]);
}

TEST_CASE("Contexts are swapped with those of other sentences") {
  const auto model = hearing_model({});
  Laboratory laboratory(model, {.sources = {"w1", "w2"}, .references = {"w1", "w2"}}, {});
  CHECK_THROWS_AS(reliance_study(laboratory, quick()), InputError);
}
