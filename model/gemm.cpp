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

namespace isthmus {

template <>
void gemm<float>(Op op_a, Op op_b, ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c);

namespace {

bool has_avx512() {
  static const bool has = (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
  return has;
}

/// oneDNN's kernels for some numbers of columns sum in another order than the others: with AVX-512 that for a single
/// one; with AVX2, whose tiles have six columns, those for the last one to three, of the whole or of a block that it
/// cuts more than 72 into. How many columns at the end are to be a product of their own, so that each is what it is in
/// any company: none of them, or all where they are too few to cut.
Index columns_apart(Index columns) {
  if (has_avx512()) return columns == 1 ? 1 : 0;
  constexpr Index kUncut = 72;
  if (columns > kUncut) return (columns - 1) % kUncut + 1;
  const Index last = columns % 6;
  if (last == 0 || last > 3) return 0;
  return columns < 8 ? columns : 4;
}

/// The product of columns that must not be alone: with copies of the first for company.
void gemm_of_few(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  const Index few = c.cols();
  const Index columns = has_avx512() ? 2 : few < 4 ? 4 : 10;
  Matrix<float> more_b(b.rows(), columns);
  Matrix<float> more_c(c.rows(), columns);
  more_b.leftCols(few) = b;
  more_b.rightCols(columns - few).colwise() = b.col(0);
  if (beta != 0.0f) {
    more_c.leftCols(few) = c;
    more_c.rightCols(columns - few).colwise() = c.col(0);
  }
  gemm<float>(Op::kNone, Op::kNone, a, more_b, beta, more_c);
  c = more_c.leftCols(few);
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

/// With which blocks product_of_few() gives the bits of oneDNN's products of many columns; 0: with none.
Index depth_block_of(Index rows, Index depth) {
  static std::mutex mutex;
  static std::map<std::pair<Index, Index>, Index> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace({rows, depth}, 0);
  if (is_new) {
    place->second = find_depth_block(
        rows, depth, [](ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
          plain_product(Op::kNone, Op::kNone, a, b, beta, c);
        });
  }
  return place->second;
}

}  // namespace

template <>
void gemm<float>(Op op_a, Op op_b, ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  const Index depth = op_a == Op::kNone ? a.cols() : a.rows();
  assert((op_a == Op::kNone ? a.rows() : a.cols()) == c.rows());
  assert((op_b == Op::kNone ? b.cols() : b.rows()) == c.cols());
  assert((op_b == Op::kNone ? b.rows() : b.cols()) == depth);
  if (c.size() == 0) return;
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
  if (op_a == Op::kNone && op_b == Op::kNone && c.cols() <= kFewColumns && (beta == 0.0f || beta == 1.0f)) {
    if (const Index block = depth_block_of(c.rows(), depth); block > 0) return product_of_few(a, b, beta, block, c);
  }
  if (op_a == Op::kNone && op_b == Op::kNone) {
    const Index last = columns_apart(c.cols());
    if (last == c.cols()) return gemm_of_few(a, b, beta, c);
    if (last > 0) {
      gemm<float>(op_a, op_b, a, b.leftCols(c.cols() - last), beta, c.leftCols(c.cols() - last));
      return gemm<float>(op_a, op_b, a, b.rightCols(last), beta, c.rightCols(last));
    }
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
  plain_product(op_a, op_b, a, b, beta, c);
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
