// Products with few columns: a step of search for one sentence.
#pragma once

#include <cmath>

#include "model/matrix.h"

namespace isthmus {

/// Columns of what counts as few.
inline constexpr Index kFewColumns = 7;

/// Whether the processor has the instruction; without, product_of_few() is slow.
#ifdef FP_FAST_FMAF
inline constexpr bool kFusesMultiplications = true;
#else
inline constexpr bool kFusesMultiplications = false;
#endif

/// c = a·b + beta·c for 1 to kFewColumns columns, beta 0 or 1. Reads a once, column by column, as fast as memory gives
/// it; oneDNN's kernel for such products takes three to five times as long. Each number is summed over the depth in its
/// order with fused multiplications, in blocks of `depth_block` whose sums are added: the order of oneDNN's kernels for
/// many columns. Thread-safe.
void product_of_few(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, Index depth_block,
                    MatrixRef<float> c);

/// The depth_block with which product_of_few() gives the bits of `product`, tried on random numbers, for matrices a of
/// this size; 0 if there is none.
using Product = void (*)(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c);
Index find_depth_block(Index rows, Index depth, Product product);

}  // namespace isthmus
