#include "evaluation/significance.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/random.h"

namespace isthmus {
namespace {

using Sums = std::vector<double>;

void add_to(Sums& sums, SentenceStatistics::Row row) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row[i];
}

/// A share of random events, with the one that was observed among them: never 0 (Phipson & Smyth 2010).
double p_value(std::int64_t as_extreme, std::int64_t all) {
  return static_cast<double>(as_extreme + 1) / static_cast<double>(all + 1);
}

}  // namespace

double SentenceStatistics::score() const {
  Sums sums(width_, 0);
  for (std::size_t i = 0; i < sentences(); ++i) add_to(sums, row(i));
  return score_(sums);
}

void describe(OptionVisitor& visit, ResamplingOptions& options) {
  visit.group("Chance");
  visit("confidence", options.confidence, "each score with its 95 % interval, from bootstrap resamples");
  visit("paired-bs", options.paired_bs,
        "compare every system with the first by paired bootstrap, as papers do; its p is bold: of equal systems more "
        "than "
        "1 in 20 fall below .05");
  visit("paired-ar", options.paired_ar,
        "the same by paired approximate randomisation, which is exact but for the number of trials");
  visit("resamples", options.resamples, "of the bootstrap", between(100, 1000000));
  visit("trials", options.trials, "of the randomisation", between(100, 10000000));
  visit("seed", options.seed, "of both: the same seed gives the same intervals and p", at_least(0));
}

std::vector<double> bootstrap_scores(const SentenceStatistics& system, std::int64_t resamples, std::uint64_t seed) {
  assert(system.sentences() > 0);
  const Random root(seed);
  std::vector<double> scores;
  for (std::int64_t r = 0; r < resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    Sums sums(system.width(), 0);
    for (std::size_t draw = 0; draw < system.sentences(); ++draw) {
      add_to(sums, system.row(random.below(system.sentences())));
    }
    scores.push_back(system.score(sums));
  }
  return scores;
}

Confidence confidence(const std::vector<double>& scores) {
  return {std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size()), middle_95(scores)};
}

double paired_bootstrap(double baseline, double system, std::span<const double> baseline_resamples,
                        std::span<const double> system_resamples) {
  assert(baseline_resamples.size() == system_resamples.size());
  std::vector<double> differences;
  for (std::size_t r = 0; r < baseline_resamples.size(); ++r) {
    differences.push_back(std::abs(system_resamples[r] - baseline_resamples[r]));
  }
  const auto count = static_cast<std::int64_t>(differences.size());
  const double mean = std::accumulate(differences.begin(), differences.end(), 0.0) / static_cast<double>(count);
  const double observed = std::abs(system - baseline);
  const auto [least, most] = std::minmax_element(differences.begin(), differences.end());
  if (*least == *most) return 1;
  std::int64_t as_extreme = 0;
  for (const double difference : differences) as_extreme += difference - mean >= observed ? 1 : 0;
  return p_value(as_extreme, count);
}

double paired_randomisation(const SentenceStatistics& baseline, const SentenceStatistics& system, std::int64_t trials,
                            std::uint64_t seed) {
  assert(baseline.sentences() == system.sentences() && baseline.width() == system.width());
  const double observed = std::abs(system.score() - baseline.score());
  const Random root(seed);
  std::int64_t as_extreme = 0;
  for (std::int64_t trial = 0; trial < trials; ++trial) {
    Random random = root.split(static_cast<std::uint64_t>(trial));
    Sums one(baseline.width(), 0), other(baseline.width(), 0);
    std::uint64_t coins = 0;
    for (std::size_t i = 0; i < baseline.sentences(); ++i, coins >>= 1) {
      if (i % 64 == 0) coins = random.bits();
      const bool change = (coins & 1) != 0;
      add_to(one, (change ? system : baseline).row(i));
      add_to(other, (change ? baseline : system).row(i));
    }
    as_extreme += std::abs(system.score(one) - system.score(other)) >= observed ? 1 : 0;
  }
  return p_value(as_extreme, trials);
}

}  // namespace isthmus
