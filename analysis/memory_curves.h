// Measurements of sentences by distance, and what is fitted to them.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/rows.h"
#include "model/matrix.h"

namespace isthmus {

/// A number of each sentence (row) at each distance (column); NaN where it has none.
using DistanceTable = Matrix<double>;

/// Of the bootstrap over sentences.
struct Resampling {
  std::int64_t resamples = 1000;
  std::int64_t seed = 1;
};

/// Sentences that have a number at each distance.
std::vector<std::int64_t> sentences_at(const DistanceTable& table);

/// The mean over the sentences that have one; NaN where none has.
Estimate mean_at(const DistanceTable& table, Index distance, const Resampling& resampling);

// Of the means at `distances`, which rise and are not empty. What does not happen is infinite.

/// Half-life of the exponential fitted to the means, weighted by sentences. Means of less than a ten-thousandth of the
/// largest are left out: they may be nothing but rounding.
Estimate half_life(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling);
/// R² of that fit, in logarithms.
double fit_r2(const DistanceTable& table, const std::vector<Index>& distances);
/// The first distance whose mean is less than half of that at the first.
Estimate half_distance(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling);
/// The largest distance whose mean is above a hundredth of the largest mean; NaN where all are 0.
Estimate span(const DistanceTable& table, const std::vector<Index>& distances, const Resampling& resampling);

}  // namespace isthmus
