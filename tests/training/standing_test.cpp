#include "training/standing.h"

#include <limits>
#include <stdexcept>

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("the better model has the better score, and of equal ones the lower loss") {
  const Standing none;
  const Standing low{.score = 0.0, .loss = 5.0, .update = 1};
  const Standing equal{.score = 0.0, .loss = 4.0, .update = 2};
  const Standing high{.score = 3.0, .loss = 6.0, .update = 3};
  for (const SelectionMetric metric : {SelectionMetric::kBleu, SelectionMetric::kChrf}) {
    CHECK(better(metric, low, none));
    CHECK_FALSE(better(metric, none, low));
    CHECK_FALSE(better(metric, low, low));
    CHECK(better(metric, equal, low));
    CHECK_FALSE(better(metric, low, equal));
    CHECK(better(metric, high, equal));
    CHECK_FALSE(better(metric, equal, high));
  }
  CHECK(better(SelectionMetric::kLoss, {.score = 4.0, .loss = 4.0, .update = 2},
               {.score = 5.0, .loss = 5.0, .update = 1}));
  CHECK_FALSE(better(SelectionMetric::kLoss, {.score = 5.0, .loss = 5.0, .update = 2},
                     {.score = 5.0, .loss = 5.0, .update = 1}));
}

TEST_CASE("a model whose loss is beyond all sense is better than none, never") {
  for (const double loss : {1e4, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_FALSE(better(SelectionMetric::kBleu, {.score = 50.0, .loss = loss, .update = 1}, {}));
  }
}

TEST_CASE("a standing is read from a validation's report") {
  ValidationReport report;
  report.update = 7;
  report.scores = {{"loss", "", 2.5}, {"bleu", "", 30.0}, {"chrf", "", 50.0}};
  const Standing standing = standing_of(report, SelectionMetric::kChrf);
  CHECK(standing.score == 50.0);
  CHECK(standing.loss == 2.5);
  CHECK(standing.update == 7);
  CHECK_THROWS_AS(standing_of(ValidationReport{}, SelectionMetric::kBleu), std::logic_error);
}

}  // namespace
}  // namespace isthmus
