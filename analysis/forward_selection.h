// Linear least squares on few of many features, selected one after the other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/matrix.h"

namespace isthmus {

/// The formula after a number of steps: y ≈ intercept + Σ coefficients[i]·feature(features[i]).
struct SelectedFeatures {
  std::vector<Index> features = {};       ///< in the order of their selection
  std::vector<double> coefficients = {};  ///< as many
  double intercept = 0;
  double r2 = 0;  ///< of the columns it was fitted to
};

/// Orthogonal forward selection (Chen, Billings & Luo 1989): `most` times takes the feature that explains most of what
/// is left of y, and makes the others orthogonal to it. `x` has a row for each feature, y a number for each column.
/// Element k of the result has k + 1 features; fewer when no feature varies any more. Empty where y does not vary.
std::vector<SelectedFeatures> forward_selection(const Matrix<float>& x, std::span<const double> y, std::int64_t most);

/// What the formula says of a column.
double predict(const SelectedFeatures& formula, const Matrix<float>& x, Index column);

}  // namespace isthmus
