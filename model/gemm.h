// The product of matrices: every product of the program goes through here.
#pragma once

#include "model/matrix.h"

namespace isthmus {

enum class Op { kNone, kTranspose };

/// C = op_a(A)·op_b(B) + beta·C, on the calling thread alone (data-parallel workers call it side by side). Shapes must
/// agree; C may not overlap A or B. With beta 0, C may hold anything. float runs on oneDNN, double (the gradient
/// checks) on Eigen.
template <class S>
void gemm(Op op_a, Op op_b, ConstMatrixRef<S> a, ConstMatrixRef<S> b, S beta, MatrixRef<S> c);

/// While one lives, a column of a float product that this thread makes with neither operand transposed, beta 0 or 1, is
/// the same, bit for bit, whatever columns stand beside it: a translation does not depend on its neighbours in the
/// batch. Without, products may be faster.
class SteadyProducts {
 public:
  SteadyProducts();
  ~SteadyProducts();
  SteadyProducts(const SteadyProducts&) = delete;
  SteadyProducts& operator=(const SteadyProducts&) = delete;
};

/// C = A·B + beta·C.
template <class S>
void gemm(const ConstMatrixRef<S>& a, const ConstMatrixRef<S>& b, S beta, MatrixRef<S> c) {
  gemm<S>(Op::kNone, Op::kNone, a, b, beta, c);
}

}  // namespace isthmus
