#include "analysis/information.h"

#include "core/error.h"
#include "tests/analysis/planted.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::column_of;
using isthmus::test::hearing_model;
using isthmus::test::low_of;
using isthmus::test::own_text;
using isthmus::test::quick;
using isthmus::test::value_of;

namespace {

const std::vector<Index> kAll = {0, 1, 2, 3, 4, 5, 6, 7};

}  // namespace

TEST_CASE("A context that the decoder does not hear tells nothing") {
  const auto model = hearing_model({});
  Laboratory laboratory(model, own_text(model, 60), {});
  const StudyResult result = information_study(laboratory, quick());
  for (const char* name : {"information", "information_shuffled", "floor", "information_per_piece"}) {
    INFO(name);
    CHECK(value_of(result, name) == Approx(0).margin(1e-5));
  }
  CHECK(result.meaning.find("makes no use of the source") != std::string::npos);
  for (const double nats : column_of(result.tables[1], "nats")) CHECK(nats == Approx(0).margin(1e-5));
}

TEST_CASE("Information is what the losses under the own and the mean context differ by") {
  const auto model = hearing_model(kAll);
  Laboratory laboratory(model, own_text(model, 60), {.threads = 2, .batch = 16});
  const StudyResult result = information_study(laboratory, quick());
  CHECK(low_of(result, "information") > 0);
  CHECK(low_of(result, "information_shuffled") > 0);
  CHECK(std::abs(value_of(result, "floor")) < value_of(result, "information_shuffled"));
  const auto neutral = laboratory.losses(mean_context(laboratory.contexts()), laboratory.references());
  double nats = 0;
  for (std::size_t i = 0; i < neutral.size(); ++i) {
    for (std::size_t t = 0; t < neutral[i].size(); ++t)
      nats += double{neutral[i][t]} - double{laboratory.losses()[i][t]};
  }
  CHECK(value_of(result, "information") == Approx(nats / 60).epsilon(1e-6));
}

TEST_CASE("The sums over positions and over bins of length are the same nats") {
  const auto model = hearing_model(kAll);
  Laboratory laboratory(model, own_text(model, 60), {});
  const StudyResult result = information_study(laboratory, quick());
  double by_position[3] = {}, by_length[3] = {};
  const auto add = [](const MeasurementRows& rows, double(&sums)[3], std::size_t nats) {
    for (const auto& row : rows.rows) {
      const std::string& neutral = std::get<std::string>(row[0]);
      const std::size_t place = neutral == "mean" ? 0 : neutral == "shuffled" ? 1 : 2;
      const auto sentences = static_cast<double>(std::get<std::int64_t>(row[nats == 3 ? 2 : 3]));
      sums[place] += std::get<double>(row[nats]) * sentences;
    }
  };
  add(result.tables[0], by_length, 5);
  add(result.tables[1], by_position, 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(by_length[i] == Approx(by_position[i]).epsilon(1e-6).margin(1e-6));
}

TEST_CASE("Information is told of at least three lines") {
  const auto model = hearing_model({});
  Laboratory laboratory(model, {.sources = {"w1", "w2"}, .references = {"w1", "w2"}}, {});
  CHECK_THROWS_AS(information_study(laboratory, quick()), InputError);
}
