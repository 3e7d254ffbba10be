// Pointwise functions of Eigen arrays, vectorised.
#pragma once

#include <Eigen/Core>

namespace isthmus {

/// 1/(1 + e^−x). Eigen's own logistic() loses digits in the tails.
template <class Derived>
auto sigmoid(const Eigen::ArrayBase<Derived>& x) {
  using S = typename Derived::Scalar;
  return (S{1} + (-x).exp()).inverse();
}

}  // namespace isthmus
