// Percentile intervals from bootstrap resamples (Efron 1979; for machine translation Koehn 2004,
// https://aclanthology.org/W04-3250).
#pragma once

#include <vector>

namespace isthmus {

struct Interval {
  double low = 0;
  double high = 0;
};

/// The middle 95 % of the values as sacreBLEU 2.6.0 takes it: what is left when a fortieth of them, rounded down, has
/// gone at either end. Infinities sort as numbers do. `values` is not empty and has no NaN.
Interval middle_95(std::vector<double> values);

}  // namespace isthmus
