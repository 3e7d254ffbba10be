// Matrix types. Activations are column-major, features × tokens: one column is one token.
#pragma once

#include <Eigen/Core>

namespace isthmus {

using Index = Eigen::Index;

template <class S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
template <class S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;

/// Views with an arbitrary distance between columns: any block of columns or of rows of a matrix.
template <class S>
using MatrixRef = Eigen::Ref<Matrix<S>, 0, Eigen::OuterStride<>>;
template <class S>
using ConstMatrixRef = Eigen::Ref<const Matrix<S>, 0, Eigen::OuterStride<>>;

}  // namespace isthmus
