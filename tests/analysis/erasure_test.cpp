#include "analysis/erasure.h"

#include "analysis/context_edits.h"
#include "core/error.h"
#include "tests/analysis/planted.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::hearing_model;
using isthmus::test::own_text;
using isthmus::test::quick;
using isthmus::test::value_of;

namespace {

/// Rows of an arm: unit and importance, the most important first.
std::vector<std::pair<std::int64_t, double>> units_of(const StudyResult& result, const std::string& arm) {
  std::vector<std::pair<std::int64_t, double>> units;
  for (const auto& row : result.tables.at(0).rows) {
    if (std::get<std::string>(row[0]) == arm)
      units.emplace_back(std::get<std::int64_t>(row[2]), std::get<double>(row[5]));
  }
  return units;
}

}  // namespace

TEST_CASE("Gini: equal is 0, one of n is 1 − 1/n") {
  CHECK(gini({2, 2, 2}) == Approx(0).margin(1e-12));
  CHECK(gini({0, 0, 0, 5}) == Approx(0.75));
  CHECK(gini({3, 1, 2}) == Approx(2.0 / 9));
  CHECK(std::isnan(gini({0, 0})));
}

TEST_CASE("The one unit that the decoder hears is found") {
  for (const Index unit : {2, 9}) {
    const auto model = hearing_model({unit}, 8);
    Laboratory laboratory(model, own_text(model, 60), {.threads = 2, .batch = 16});
    const StudyResult result = erasure_study(laboratory, quick());
    const auto units = units_of(result, "zero");
    REQUIRE(units.size() == 16);
    CHECK(units[0].first == unit);
    CHECK(units[0].second > 1e-3);
    CHECK(units[1].second == Approx(0).margin(1e-5));
    for (const auto& [other, importance] : units_of(result, "mean")) {
      CHECK((std::abs(importance) > 1e-4) == (other == unit));
    }
    CHECK(value_of(result, "gini") == Approx(15.0 / 16).epsilon(1e-3));
    CHECK(value_of(result, "gini_untrained") < 0.9);
  }
}

TEST_CASE("A decoder that hears nothing misses no unit") {
  const auto model = hearing_model({});
  Laboratory laboratory(model, own_text(model, 40), {});
  const StudyResult result = erasure_study(laboratory, quick());
  for (const auto& [unit, importance] : units_of(result, "zero")) CHECK(importance == Approx(0).margin(1e-6));
}

TEST_CASE("Erasing unit by unit is erasing each alone") {
  const auto model = hearing_model({0, 1, 2, 3, 4, 5, 6, 7});
  Laboratory laboratory(model, own_text(model, 10), {});
  const Matrix<float> vectors = vectors_of(laboratory.contexts());
  const std::vector<Index> units = {6, 1};
  const Vector<float> values = Vector<float>::Constant(8, 0.5f);
  const Matrix<double> sums =
      log_probs_without(laboratory, laboratory.contexts(), laboratory.references(), units, values);
  for (Index u = 0; u < 2; ++u) {
    const std::vector<Index> one = {units[static_cast<std::size_t>(u)]};
    const auto losses = laboratory.losses(with_vectors(laboratory.contexts(), with_units(vectors, one, values)),
                                          laboratory.references());
    for (std::size_t i = 0; i < losses.size(); ++i) {
      double sum = 0;
      for (const float loss : losses[i]) sum -= double{loss};
      CHECK(sums(static_cast<Index>(i), u) == Approx(sum).epsilon(1e-5));
    }
  }
}

TEST_CASE("A sample of units and sentences is the seed's, whatever the threads") {
  const auto model = hearing_model({0, 1, 2, 3, 4, 5, 6, 7});
  StudyOptions options = quick();
  options.erasure = {.sentences = 20, .units = 3};
  const auto run = [&](std::int64_t threads, std::int64_t seed) {
    Laboratory laboratory(model, own_text(model, 40), {.threads = threads});
    options.seed = seed;
    return units_of(erasure_study(laboratory, options), "zero");
  };
  CHECK(run(1, 1).size() == 3);
  CHECK(run(1, 1) == run(2, 1));
  CHECK(run(1, 1) != run(1, 2));
}
