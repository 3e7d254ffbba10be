#include "model/gemm.h"

#include <dnnl.h>
#include <omp.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <stdexcept>

#include "model/steady_product.h"

namespace isthmus {
namespace {

bool has_avx512() {
  static const bool has = (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
  return has;
}

/// oneDNN's product, as it is.
void plain_product(Op op_a, Op op_b, ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  // oneDNN splits a product over OpenMP's threads; ours are split already. The setting is the calling thread's own.
  if (omp_get_max_threads() != 1) omp_set_num_threads(1);
  // oneDNN is row-major: it sees the transposes, and Cᵀ = op(B)ᵀ·op(A)ᵀ.
  const auto letter = [](Op op) { return op == Op::kNone ? 'N' : 'T'; };
  const Index depth = op_a == Op::kNone ? a.cols() : a.rows();
  const dnnl_status_t status = dnnl_sgemm(letter(op_b), letter(op_a), c.cols(), c.rows(), depth, 1.0f, b.data(),
                                          b.outerStride(), a.data(), a.outerStride(), beta, c.data(), c.outerStride());
  if (status != dnnl_success) throw std::runtime_error("oneDNN refused a matrix product; is there memory left?");
}

/// oneDNN's product, in parts where that is faster or takes less memory.
void product(Op op_a, Op op_b, ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  // Wide products are faster in parts: measured with 512, up to a sixth on matrices of 4,096 rows.
  constexpr Index kWide = 128;
  constexpr Index kRows = 512;
  if (op_a == Op::kNone && op_b == Op::kNone && c.cols() >= kWide && c.rows() > kRows && has_avx512()) {
    for (Index row = 0; row < c.rows(); row += kRows) {
      const Index rows = std::min(kRows, c.rows() - row);
      plain_product(op_a, op_b, a.middleRows(row, rows), b, beta, c.middleRows(row, rows));
    }
    return;
  }
  // oneDNN copies this operand as a whole: in parts it takes a quarter of 8 MiB for 8,000 rows, and is no slower.
  constexpr Index kTall = 2048;
  if (op_a == Op::kTranspose && op_b == Op::kNone && c.rows() > kTall) {
    for (Index row = 0; row < c.rows(); row += kTall) {
      const Index rows = std::min(kTall, c.rows() - row);
      plain_product(op_a, op_b, a.middleCols(row, rows), b, beta, c.middleRows(row, rows));
    }
    return;
  }
  plain_product(op_a, op_b, a, b, beta, c);
}

thread_local int steady_scopes = 0;

}  // namespace

SteadyProducts::SteadyProducts() { ++steady_scopes; }
SteadyProducts::~SteadyProducts() { --steady_scopes; }

template <>
void gemm<float>(Op op_a, Op op_b, ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  assert((op_a == Op::kNone ? a.rows() : a.cols()) == c.rows());
  assert((op_b == Op::kNone ? b.cols() : b.rows()) == c.cols());
  assert((op_a == Op::kNone ? a.cols() : a.rows()) == (op_b == Op::kNone ? b.rows() : b.cols()));
  if (c.size() == 0) return;
  if (steady_scopes > 0 && op_a == Op::kNone && op_b == Op::kNone && (beta == 0.0f || beta == 1.0f)) {
    return steady_product(a, b, beta, c);
  }
  product(op_a, op_b, a, b, beta, c);
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
