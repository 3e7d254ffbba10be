// Pairs of sentences, and how two measures of a pair go together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"
#include "ledger/rows.h"

namespace isthmus {

/// Two sentences of a text, by their numbers.
struct ComparedPair {
  std::size_t a;
  std::size_t b;
};

/// Different sentences, a < b: all pairs of them where there are no more than `most`, else so many that are drawn, one
/// pair perhaps twice.
std::vector<ComparedPair> sample_pairs(std::size_t sentences, std::size_t most, Random random);

/// Spearman's rank correlation of two measures of pairs. The 95 % interval resamples sentences, not pairs, which are
/// not independent where they share one: a pair counts as often as both of its sentences were drawn together (the
/// vertex bootstrap of Snijders and Borgatti 1999). Resample r draws from Random(seed).split(r).
Estimate spearman_of_pairs(std::span<const ComparedPair> pairs, std::span<const double> x, std::span<const double> y,
                           std::size_t sentences, std::int64_t resamples, std::int64_t seed);

namespace internal {

/// Spearman's correlation where value i is there weights[i] times; orders of x and y are found once.
class WeightedSpearman {
 public:
  WeightedSpearman(std::span<const double> x, std::span<const double> y);
  /// NaN where a side does not vary.
  double operator()(std::span<const double> weights) const;

 private:
  struct Ranking {
    std::vector<std::size_t> order;
    std::vector<std::size_t> ends;  // of groups of equal values, as places in `order`
  };
  static Ranking rank(std::span<const double> values);
  static void mean_ranks(const Ranking& ranking, std::span<const double> weights, std::vector<double>& ranks);

  Ranking x_;
  Ranking y_;
};

}  // namespace internal
}  // namespace isthmus
