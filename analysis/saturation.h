// A quantity of sentences against their length: bins, increases, and where it saturates.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ledger/rows.h"

namespace isthmus {

struct LengthCurveOptions {
  std::int64_t bin_width = 5;
  std::int64_t min_sentences = 20;  ///< a bin with fewer is thin and bears on no finding
  std::int64_t resamples = 1000;
  std::int64_t seed = 1;
};

/// Where a curve stops to rise.
struct Saturation {
  std::optional<std::int64_t> length;  ///< the end of bin number `bin`; none: it does not, or that cannot be told
  std::size_t bin = 0;
  std::int64_t longest = 0;           ///< end of the last bin but one that is not thin
  std::optional<Estimate> last_gain;  ///< from there to the last; none with fewer than two such bins
};

/// a·(1 − exp(−T/τ)). Infinite where τ reaches its bound: a straight line fits as well. NaN where the curve misses the
/// mean of a bin by the width of its interval: it is no such curve.
struct CapacityFit {
  Estimate capacity;  ///< a
  Estimate length;    ///< τ
};

/// Means in bins of length, 1 … width, width + 1 … 2·width, …. Intervals are of bootstrap resamples of sentences.
class LengthCurve {
 public:
  struct Bin {
    std::int64_t from = 0;
    std::int64_t to = 0;
    double mean_length = 0;
    std::vector<std::size_t> sentences;
    bool thin = false;
  };

  /// A length and a value for each sentence; lengths are whole numbers of at least 1. The spans must outlive it.
  LengthCurve(std::span<const double> lengths, std::span<const double> values, const LengthCurveOptions& options);

  /// Those with a sentence, shortest first.
  const std::vector<Bin>& bins() const { return bins_; }
  Estimate mean(const Bin& bin) const;
  /// To the next bin that is not thin, for each unit of length. NaN where there is none, and of thin bins.
  Estimate gain(const Bin& bin) const;

  /// The first bin whose gain's interval reaches 0 and lies below the greatest gain before it: flat, and not for want
  /// of sentences.
  Saturation saturation() const;
  /// Least squares over the bins' means, weighted by sentences; thin bins do not count; τ is at most ten times the mean
  /// length of the last.
  CapacityFit capacity() const;

 private:
  std::vector<std::size_t> full_bins() const;

  std::span<const double> lengths_;
  std::span<const double> values_;
  LengthCurveOptions options_;
  std::vector<Bin> bins_;
};

}  // namespace isthmus
