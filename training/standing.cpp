#include "training/standing.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace isthmus {
namespace {

double score_in(const ValidationReport& report, std::string_view metric) {
  for (const ScoreReport& score : report.scores) {
    if (score.metric == metric) return score.value;
  }
  throw std::logic_error(fmt::format("a validation without {}", metric));
}

}  // namespace

void describe(OptionVisitor& visit, Standing& standing) {
  visit("best-score", standing.score, "");
  visit("best-loss", standing.loss, "");
  visit("best-update", standing.update, "", between(-1, kMostCounted));
}

Standing standing_of(const ValidationReport& report, SelectionMetric metric) {
  return {score_in(report, name_of(metric)), score_in(report, "loss"), report.update};
}

bool better(SelectionMetric metric, const Standing& one, const Standing& other) {
  if (one.update < 0 || !std::isfinite(std::exp(one.loss)) || !std::isfinite(one.score)) return false;
  if (other.update < 0) return true;
  if (one.score == other.score) return one.loss < other.loss;
  return metric == SelectionMetric::kLoss ? one.score < other.score : one.score > other.score;
}

}  // namespace isthmus
