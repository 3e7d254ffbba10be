// Principal axes of context vectors, and projections on axes.
#pragma once

#include "core/random.h"
#include "model/matrix.h"

namespace isthmus {

/// The mean of vectors (columns) and an orthonormal basis of their space: the axes of greatest variance first, after
/// those that vary at all the rest in no particular order. d × d. The sign of an axis is as it comes.
struct PrincipalAxes {
  Vector<float> mean;
  Matrix<float> axes;
  Vector<double> variances;  ///< of those that vary, the greatest first
};

/// At least one vector. Takes d³ or n²·d operations, whichever is less, and n³.
PrincipalAxes principal_axes(const Matrix<float>& vectors);

/// d orthonormal axes in random directions.
Matrix<float> random_axes(Index d, Random random);

/// Each vector replaced by the nearest one in the plane through `mean` that the axes (columns) span.
Matrix<float> projected(const Matrix<float>& vectors, const Vector<float>& mean, ConstMatrixRef<float> axes);

}  // namespace isthmus
