// Products whose columns do not depend on one another, on processors where oneDNN's do.
#pragma once

#include "model/matrix.h"

namespace isthmus {

/// c = a·b + beta·c, beta 0 or 1. Each number is summed over the depth in its order with fused multiplications (where
/// the processor has them), in blocks of `depth_block` whose sums are added, as in product_of_few(): for any number of
/// columns a column has the same bits. Blocks of a are copied, so that it is read once for all columns. Thread-safe.
void packed_product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, Index depth_block,
                    MatrixRef<float> c);

}  // namespace isthmus
