#include "analysis/cost.h"

#include <map>
#include <tuple>

#include "core/error.h"
#include "tests/analysis/planted_encoders.h"

using namespace isthmus;
using namespace isthmus::test;

TEST_CASE("A line is fitted, and how well") {
  const std::vector<double> x{5, 10, 20, 40}, y{7, 12, 22, 42}, flat{3, 3, 3, 3};
  CHECK(fit_line(x, y).slope == Approx(1));
  CHECK(fit_line(x, y).intercept == Approx(2));
  CHECK(fit_line(x, y).r_squared == Approx(1));
  CHECK(fit_line(x, flat).slope == Approx(0));
  const std::vector<double> bent{0, 1, 0, 1};
  CHECK(fit_line(x, bent).r_squared < 0.5);
  CHECK(std::isnan(fit_line(std::vector<double>{1}, std::vector<double>{1}).slope));
}

TEST_CASE("Sixteen times the length takes longer, in every setting, and no setting is left out") {
  ModelOptions shape = planted_shape(CellType::kLstm, 96);
  shape.embedding = 32;
  const std::vector<std::string> lines = lines_of_length(10, 7, Random(1));
  for (const std::int64_t threads : {1, 2}) {
    Laboratory laboratory(made_model(shape, kPlantedWords), {.sources = lines, .references = lines},
                          {.threads = threads});
    StudyOptions options = quick_options();
    options.cost = {.batch = 8, .repetitions = 50};
    const StudyResult result = study_cost(laboratory, options);
    const MeasurementRows& rows = result.tables.at(0);
    // On one thread also the control and, of a sentence alone, the beam.
    const std::size_t settings = threads == 1 ? 7 : 11;
    CHECK(rows.rows.size() == 5 * settings);
    std::map<std::tuple<std::string, double, double>, std::map<double, double>> curves;
    for (const auto& row : rows.rows) {
      CHECK(number_in(rows, row, "repetitions") >= 3);
      CHECK(number_in(rows, row, "seconds_low") > 0);
      CHECK(number_in(rows, row, "seconds_low") <= number_in(rows, row, "seconds"));
      CHECK(number_in(rows, row, "seconds") <= number_in(rows, row, "seconds_high"));
      const double sentences = number_in(rows, row, "batch") * number_in(rows, row, "threads");
      CHECK(number_in(rows, row, "sentence_ms") == Approx(1000 * number_in(rows, row, "seconds") / sentences));
      curves[{std::get<std::string>(row[0]), number_in(rows, row, "batch"), number_in(rows, row, "threads")}]
            [number_in(rows, row, "length")] = number_in(rows, row, "seconds_low");
    }
    CHECK(curves.size() == settings);
    for (const auto& [setting, curve] : curves) {
      INFO(std::get<0>(setting) << " " << std::get<1>(setting) << " " << std::get<2>(setting));
      REQUIRE(curve.size() == 5);
      // A busy machine may take any time to wake a second thread; of many tries on one the best is sixteen times
      // longer.
      if (std::get<2>(setting) == 1) CHECK(curve.at(80) > curve.at(5));
    }
    CHECK(finding_of(result, "encode_ms_per_piece_batch_1").value.value() > 0);
    CHECK(finding_of(result, "greedy_ms_per_piece_batch_8").value.value() > 0);
    CHECK(finding_of(result, "greedy_batch_gain").value.has_value());
    CHECK((result.verdict.find("2 threads") != std::string::npos) == (threads == 2));
    CHECK_THAT(result.verdict, Catch::Contains("of this machine at this moment"));
  }
}

TEST_CASE("Without a piece there is nothing to time") {
  const std::vector<std::string> blank{"", " "}, words{"w1", "w2"};
  Laboratory laboratory(made_model(planted_shape(CellType::kGru, 4), kPlantedWords),
                        {.sources = blank, .references = words}, {});
  CHECK_THROWS_WITH(study_cost(laboratory, quick_options()), Catch::Contains("no source has a piece"));
}
