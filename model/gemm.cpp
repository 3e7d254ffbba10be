#include "model/gemm.h"

#include <dnnl.h>
#include <omp.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "model/few_columns.h"
#include "model/packed_product.h"

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

/// With which blocks product_of_few() gives the bits of oneDNN's products of many columns; 0: with none.
Index depth_block_of(Index rows, Index depth) {
  static std::mutex mutex;
  static std::map<std::pair<Index, Index>, Index> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace({rows, depth}, 0);
  if (is_new) {
    place->second = find_depth_block(
        rows, depth, [](ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
          product(Op::kNone, Op::kNone, a, b, beta, c);
        });
  }
  return place->second;
}

thread_local int steady_scopes = 0;

/// A column of c is the same whatever columns stand beside it. oneDNN's kernels for AVX-512 are so but for that of a
/// single column; of those for older processors it takes one or another by the number of columns.
void steady_product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  const bool few = c.cols() <= kFewColumns && kFusesMultiplications;
  if (!has_avx512()) {
    constexpr Index kDepthBlock = 256;
    if (few) return product_of_few(a, b, beta, kDepthBlock, c);
    return packed_product(a, b, beta, kDepthBlock, c);
  }
  if (few) {
    if (const Index block = depth_block_of(c.rows(), a.cols()); block > 0) return product_of_few(a, b, beta, block, c);
  }
  if (c.cols() > 1) return product(Op::kNone, Op::kNone, a, b, beta, c);
  // With a copy for company.
  Matrix<float> two = b.replicate(1, 2);
  Matrix<float> products = c.replicate(1, 2);
  product(Op::kNone, Op::kNone, a, two, beta, products);
  c = products.leftCols(1);
}

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
