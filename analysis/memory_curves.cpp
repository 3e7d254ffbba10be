#include "analysis/memory_curves.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "analysis/estimates.h"

namespace isthmus {
namespace {

constexpr double kSmallestFitted = 1e-4;  // of the largest mean
constexpr double kSpanShare = 1e-2;
constexpr double kNever = std::numeric_limits<double>::infinity();

/// Means of a sample at some distances, and how many sentences each is of.
struct Curve {
  std::vector<double> x, y, weights;
};

Curve curve_of(const DistanceTable& table, const std::vector<Index>& distances, std::span<const std::size_t> sample) {
  Curve curve;
  for (const Index distance : distances) {
    double sum = 0, count = 0;
    for (const std::size_t i : sample) {
      const double value = table(static_cast<Index>(i), distance);
      if (std::isnan(value)) continue;
      sum += value;
      count += 1;
    }
    curve.x.push_back(static_cast<double>(distance));
    curve.y.push_back(count > 0 ? sum / count : 0);
    curve.weights.push_back(count);
  }
  return curve;
}

Estimate of_curves(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling,
                   const std::function<double(Curve&)>& statistic) {
  return bootstrap(static_cast<std::size_t>(table.rows()), resampling.resamples, resampling.seed,
                   [&](std::span<const std::size_t> sample) {
                     Curve curve = curve_of(table, distances, sample);
                     return statistic(curve);
                   });
}

double largest(const Curve& curve) { return *std::max_element(curve.y.begin(), curve.y.end()); }

ExponentialFit fit(Curve curve) {
  const double floor = kSmallestFitted * largest(curve);
  for (double& y : curve.y) y = y > floor ? y : 0;  // which the fit leaves out
  return fit_exponential(curve.x, curve.y, curve.weights);
}

}  // namespace

std::vector<std::int64_t> sentences_at(const DistanceTable& table) {
  std::vector<std::int64_t> counts;
  for (Index distance = 0; distance < table.cols(); ++distance) {
    counts.push_back((table.col(distance).array() == table.col(distance).array()).count());  // NaN is not itself
  }
  return counts;
}

Estimate mean_at(const DistanceTable& table, Index distance, const Resampling& resampling) {
  std::vector<double> values;
  for (Index i = 0; i < table.rows(); ++i) {
    if (!std::isnan(table(i, distance))) values.push_back(table(i, distance));
  }
  return mean_estimate(values, resampling.resamples, resampling.seed);
}

Estimate half_life(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling) {
  return of_curves(table, distances, resampling, [](Curve& curve) { return fit(curve).half_life; });
}

double fit_r2(const DistanceTable& table, const std::vector<Index>& distances) {
  std::vector<std::size_t> all(static_cast<std::size_t>(table.rows()));
  std::iota(all.begin(), all.end(), std::size_t{0});
  return fit(curve_of(table, distances, all)).r2;
}

Estimate half_distance(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling) {
  return of_curves(table, distances, resampling, [](Curve& curve) {
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (curve.weights[i] > 0 && curve.y[i] < curve.y[0] / 2) return curve.x[i];
    }
    return kNever;
  });
}

Estimate span(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling) {
  return of_curves(table, distances, resampling, [](Curve& curve) {
    const double most = largest(curve);
    for (std::size_t i = curve.x.size(); i-- > 0;) {
      if (curve.y[i] > kSpanShare * most) return curve.x[i];
    }
    return std::nan("");
  });
}

}  // namespace isthmus
