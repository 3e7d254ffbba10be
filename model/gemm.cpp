#include "model/gemm.h"

#include <dnnl.h>
#include <omp.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace isthmus {

template <>
void gemm<float>(Op op_a, Op op_b, ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  const Index depth = op_a == Op::kNone ? a.cols() : a.rows();
  assert((op_a == Op::kNone ? a.rows() : a.cols()) == c.rows());
  assert((op_b == Op::kNone ? b.cols() : b.rows()) == c.cols());
  assert((op_b == Op::kNone ? b.rows() : b.cols()) == depth);
  if (c.size() == 0) return;
  if (c.cols() == 1 && op_a == Op::kNone && op_b == Op::kNone) {
    // oneDNN gives a single column to a kernel that sums in another order than its kernel for several.
    Matrix<float> pair_b(b.rows(), 2);
    Matrix<float> pair_c(c.rows(), 2);
    pair_b.colwise() = b.col(0);
    if (beta != 0.0f) pair_c.colwise() = c.col(0);
    gemm<float>(op_a, op_b, a, pair_b, beta, pair_c);
    c = pair_c.col(0);
    return;
  }
  // Wide products are faster in parts: measured with 512, up to a sixth on matrices of 4,096 rows.
  constexpr Index kWide = 128;
  constexpr Index kRows = 512;
  if (op_a == Op::kNone && op_b == Op::kNone && c.cols() >= kWide && c.rows() > kRows) {
    for (Index row = 0; row < c.rows(); row += kRows) {
      const Index rows = std::min(kRows, c.rows() - row);
      gemm<float>(op_a, op_b, a.middleRows(row, rows), b, beta, c.middleRows(row, rows));
    }
    return;
  }
  // oneDNN copies this operand as a whole: in parts it takes a quarter of 8 MiB for 8,000 rows, and is no slower.
  constexpr Index kTall = 2048;
  if (op_a == Op::kTranspose && op_b == Op::kNone && c.rows() > kTall) {
    for (Index row = 0; row < c.rows(); row += kTall) {
      const Index rows = std::min(kTall, c.rows() - row);
      gemm<float>(op_a, op_b, a.middleCols(row, rows), b, beta, c.middleRows(row, rows));
    }
    return;
  }
  // oneDNN splits a product over OpenMP's threads; ours are split already. The setting is the calling thread's own.
  if (omp_get_max_threads() != 1) omp_set_num_threads(1);
  // oneDNN is row-major: it sees the transposes, and Cᵀ = op(B)ᵀ·op(A)ᵀ.
  const auto letter = [](Op op) { return op == Op::kNone ? 'N' : 'T'; };
  const dnnl_status_t status = dnnl_sgemm(letter(op_b), letter(op_a), c.cols(), c.rows(), depth, 1.0f, b.data(),
                                          b.outerStride(), a.data(), a.outerStride(), beta, c.data(), c.outerStride());
  if (status != dnnl_success) throw std::runtime_error("oneDNN refused a matrix product; is there memory left?");
}

template <>
void gemm<double>(Op op_a, Op op_b, ConstMatrixRef<double> a, ConstMatrixRef<double> b, double beta,
                  MatrixRef<double> c) {
  if (beta == 0.0) {
    c.setZero();
  } else if (beta != 1.0) {
    c *= beta;
  }
  if (op_a == Op::kNone && op_b == Op::kNone) c.noalias() += a * b;
  if (op_a == Op::kTranspose && op_b == Op::kNone) c.noalias() += a.transpose() * b;
  if (op_a == Op::kNone && op_b == Op::kTranspose) c.noalias() += a * b.transpose();
  if (op_a == Op::kTranspose && op_b == Op::kTranspose) c.noalias() += a.transpose() * b.transpose();
}

}  // namespace isthmus
