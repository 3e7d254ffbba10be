// Means with bootstrap intervals, and findings made of them: what the studies share of statistics.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/random.h"
#include "ledger/rows.h"

namespace isthmus {

/// A statistic of a sample of `count` sentences and its 95 % percentile bootstrap interval over them. `statistic` gets
/// numbers of sentences, with repetitions in resamples; a NaN of a resample is left out. Fewer than two sentences have
/// no interval. Resample r draws from Random(seed).split(r).
Estimate bootstrap(std::size_t count, std::int64_t resamples, std::int64_t seed,
                   const std::function<double(std::span<const std::size_t>)>& statistic);

/// Σ numerators / Σ denominators over sentences (e.g. nats per token), with its interval. NaN where nothing is summed.
Estimate ratio_of_sums(std::span<const double> numerators, std::span<const double> denominators, std::int64_t resamples,
                       std::int64_t seed);
/// The mean.
Estimate mean_estimate(std::span<const double> values, std::int64_t resamples, std::int64_t seed);

/// A finding; what is not finite is absent.
FindingRow finding(std::string name, std::string unit, const Estimate& estimate);
FindingRow finding(std::string name, std::string unit, double value);

/// "3.1"; what rounds to zero has no sign.
std::string in_words(double value, int decimals = 1);
/// "3.1 [2.8, 3.4]"; without an interval "3.1".
std::string in_words(const Estimate& estimate, int decimals = 1);

/// Least squares of ln y = ln a − rate·x over points with y > 0, weighted; half_life = ln 2 / rate. NaN with fewer than
/// two points; a rate ≤ 0 gives an infinite half-life. r2 is the weighted share of the logarithms' variation that the
/// line explains, NaN where they do not vary.
struct ExponentialFit {
  double amplitude = 0;
  double rate = 0;
  double half_life = 0;
  double r2 = 0;
};
/// A fit with less is no good description: words say so.
inline constexpr double kPoorFit = 0.8;
ExponentialFit fit_exponential(std::span<const double> x, std::span<const double> y, std::span<const double> weights);

/// Spearman's rank correlation, ties at their mean rank; NaN where one side does not vary.
double spearman(std::span<const double> x, std::span<const double> y);

}  // namespace isthmus
