// Percentile intervals from bootstrap resamples (Efron 1979; for machine translation Koehn 2004,
// https://aclanthology.org/W04-3250).
#pragma once

#include <vector>

namespace isthmus {

struct Interval {
  double low = 0;
  double high = 0;
};

/// The middle 95 % of the values: their 2.5 % and 97.5 % quantiles, linear between neighbours. Infinities sort as
/// numbers do. `values` is not empty and has no NaN.
Interval middle_95(std::vector<double> values);

}  // namespace isthmus
