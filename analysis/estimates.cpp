#include "analysis/estimates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "evaluation/interval.h"

namespace isthmus {
namespace {

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranked(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranked[order[i]] = static_cast<double>(begin + end - 1) / 2;
    begin = end;
  }
  return ranked;
}

}  // namespace

Estimate bootstrap(std::size_t count, std::int64_t resamples, std::int64_t seed,
                   const std::function<double(std::span<const std::size_t>)>& statistic) {
  std::vector<std::size_t> sample(count);
  std::iota(sample.begin(), sample.end(), std::size_t{0});
  Estimate estimate{statistic(sample), std::nan(""), std::nan("")};
  if (count < 2) return estimate;
  const Random root(static_cast<std::uint64_t>(seed));
  std::vector<double> values;
  for (std::int64_t r = 0; r < resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    for (std::size_t& one : sample) one = random.below(count);
    const double value = statistic(sample);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return estimate;
  const Interval interval = middle_95(std::move(values));
  estimate.low = interval.low;
  estimate.high = interval.high;
  return estimate;
}

Estimate ratio_of_sums(std::span<const double> numerators, std::span<const double> denominators, std::int64_t resamples,
                       std::int64_t seed) {
  return bootstrap(numerators.size(), resamples, seed, [&](std::span<const std::size_t> sample) {
    double numerator = 0, denominator = 0;
    for (const std::size_t i : sample) {
      numerator += numerators[i];
      denominator += denominators[i];
    }
    return denominator == 0 ? std::nan("") : numerator / denominator;
  });
}

Estimate mean_estimate(std::span<const double> values, std::int64_t resamples, std::int64_t seed) {
  const std::vector<double> ones(values.size(), 1.0);
  return ratio_of_sums(values, ones, resamples, seed);
}

FindingRow finding(std::string name, std::string unit, const Estimate& estimate) {
  const auto finite = [](double x) { return std::isfinite(x) ? std::optional(x) : std::nullopt; };
  return {std::move(name), std::move(unit), finite(estimate.value), finite(estimate.low), finite(estimate.high)};
}

FindingRow finding(std::string name, std::string unit, double value) {
  return finding(std::move(name), std::move(unit), Estimate{value, std::nan(""), std::nan("")});
}

std::string in_words(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string in_words(const Estimate& estimate, int decimals) {
  const std::string value = in_words(estimate.value, decimals);
  if (std::isnan(estimate.low)) return value;
  return fmt::format("{} [{}, {}]", value, in_words(estimate.low, decimals), in_words(estimate.high, decimals));
}

ExponentialFit fit_exponential(std::span<const double> x, std::span<const double> y, std::span<const double> weights) {
  double weight = 0, x_mean = 0, y_mean = 0, xx = 0, xy = 0, yy = 0;
  const auto each = [&](const auto& visit) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (y[i] > 0 && weights[i] > 0) visit(weights[i], x[i], std::log(y[i]));
    }
  };
  each([&](double w, double a, double b) { weight += w, x_mean += w * a, y_mean += w * b; });
  x_mean /= weight;
  y_mean /= weight;
  each([&](double w, double a, double b) {
    xx += w * (a - x_mean) * (a - x_mean);
    xy += w * (a - x_mean) * (b - y_mean);
    yy += w * (b - y_mean) * (b - y_mean);
  });
  const double nan = std::nan("");
  if (!(xx > 0)) return {nan, nan, nan, nan};
  const double rate = -xy / xx;
  return {std::exp(y_mean + rate * x_mean), rate,
          rate > 0 ? std::log(2.0) / rate : std::numeric_limits<double>::infinity(),
          yy > 0 ? xy * xy / (xx * yy) : nan};
}

double spearman(std::span<const double> x, std::span<const double> y) {
  const std::vector<double> a = ranks(x), b = ranks(y);
  const double mean = (static_cast<double>(a.size()) - 1) / 2;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
    ab += (a[i] - mean) * (b[i] - mean);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::nan("");
}

}  // namespace isthmus
