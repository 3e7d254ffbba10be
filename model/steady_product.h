// Products whose columns do not depend on one another: those of search.
#pragma once

#include "model/matrix.h"

namespace isthmus {

/// c = a·b + beta·c, beta 0 or 1. A column of c has the same bits whatever columns stand beside it, and wherever in
/// memory: each number is summed over the depth in its order with fused multiplications (where the processor has them),
/// in blocks of kDepthBlock whose sums are added. Takes product_of_few() or packed_product(). Thread-safe.
void steady_product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c);

namespace internal {

inline constexpr Index kDepthBlock = 256;
/// Columns of what counts as few.
inline constexpr Index kFewColumns = 7;

/// For 1 to kFewColumns columns: a step of search for one sentence. Reads a once, column by column, as fast as memory
/// gives it. Slow where the processor does not fuse multiplications.
void product_of_few(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c);

/// For any number of columns. Blocks of a are copied, so that it is read once for all columns.
void packed_product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c);

}  // namespace internal
}  // namespace isthmus
