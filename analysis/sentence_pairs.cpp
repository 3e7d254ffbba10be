#include "analysis/sentence_pairs.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/estimates.h"

namespace isthmus {

std::vector<ComparedPair> sample_pairs(std::size_t sentences, std::size_t most, Random random) {
  std::vector<ComparedPair> pairs;
  if (sentences < 2) return pairs;
  if (sentences * (sentences - 1) / 2 <= most) {
    for (std::size_t b = 1; b < sentences; ++b) {
      for (std::size_t a = 0; a < b; ++a) pairs.push_back({a, b});
    }
    return pairs;
  }
  while (pairs.size() < most) {
    const std::size_t a = random.below(sentences);
    std::size_t b = random.below(sentences - 1);
    if (b >= a) ++b;
    pairs.push_back({std::min(a, b), std::max(a, b)});
  }
  return pairs;
}

Estimate spearman_of_pairs(std::span<const ComparedPair> pairs, std::span<const double> x, std::span<const double> y,
                           std::size_t sentences, std::int64_t resamples, std::int64_t seed) {
  const internal::WeightedSpearman correlation(x, y);
  std::vector<double> drawn(sentences), weights(pairs.size());
  return bootstrap(sentences, resamples, seed, [&](std::span<const std::size_t> sample) {
    std::fill(drawn.begin(), drawn.end(), 0.0);
    for (const std::size_t i : sample) ++drawn[i];
    for (std::size_t p = 0; p < pairs.size(); ++p) weights[p] = drawn[pairs[p].a] * drawn[pairs[p].b];
    return correlation(weights);
  });
}

namespace internal {

WeightedSpearman::WeightedSpearman(std::span<const double> x, std::span<const double> y) : x_(rank(x)), y_(rank(y)) {}

WeightedSpearman::Ranking WeightedSpearman::rank(std::span<const double> values) {
  Ranking ranking;
  ranking.order.resize(values.size());
  std::iota(ranking.order.begin(), ranking.order.end(), std::size_t{0});
  std::sort(ranking.order.begin(), ranking.order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  for (std::size_t i = 1; i <= values.size(); ++i) {
    if (i == values.size() || values[ranking.order[i]] != values[ranking.order[i - 1]]) ranking.ends.push_back(i);
  }
  return ranking;
}

void WeightedSpearman::mean_ranks(const Ranking& ranking, std::span<const double> weights, std::vector<double>& ranks) {
  double before = 0;
  std::size_t begin = 0;
  for (const std::size_t end : ranking.ends) {
    double weight = 0;
    for (std::size_t i = begin; i < end; ++i) weight += weights[ranking.order[i]];
    for (std::size_t i = begin; i < end; ++i) ranks[ranking.order[i]] = before + (weight - 1) / 2;
    before += weight;
    begin = end;
  }
}

double WeightedSpearman::operator()(std::span<const double> weights) const {
  std::vector<double> a(weights.size()), b(weights.size());
  mean_ranks(x_, weights, a);
  mean_ranks(y_, weights, b);
  const double mean = (std::accumulate(weights.begin(), weights.end(), 0.0) - 1) / 2;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    aa += weights[i] * (a[i] - mean) * (a[i] - mean);
    bb += weights[i] * (b[i] - mean) * (b[i] - mean);
    ab += weights[i] * (a[i] - mean) * (b[i] - mean);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::nan("");
}

}  // namespace internal
}  // namespace isthmus
