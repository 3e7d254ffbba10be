#include "model/few_columns.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "core/random.h"

namespace isthmus {
namespace {

/// Rows whose sums stay in the first cache while columns of a stream by.
constexpr Index kPanel = 768;
/// Columns of a that are read side by side, so that a sum is loaded and stored once for so many.
constexpr Index kTogether = 4;

/// sums += a(rows, depth)·b for N columns and depths [begin, end), each number in the order of the depths.
template <int N>
void add_products(const float* a, Index a_stride, const float* b, Index b_stride, Index rows, Index begin, Index end,
                  float* __restrict sums) {
  Index k = begin;
  for (; k + kTogether <= end; k += kTogether) {
    const float* a0 = a + k * a_stride;
    const float* a1 = a0 + a_stride;
    const float* a2 = a1 + a_stride;
    const float* a3 = a2 + a_stride;
    for (int j = 0; j < N; ++j) {
      const float* factor = b + j * b_stride + k;
      const float b0 = factor[0], b1 = factor[1], b2 = factor[2], b3 = factor[3];
      float* __restrict sum = sums + j * kPanel;
      for (Index i = 0; i < rows; ++i) {
        sum[i] = std::fma(a3[i], b3, std::fma(a2[i], b2, std::fma(a1[i], b1, std::fma(a0[i], b0, sum[i]))));
      }
    }
  }
  for (; k < end; ++k) {
    const float* column = a + k * a_stride;
    for (int j = 0; j < N; ++j) {
      const float factor = b[j * b_stride + k];
      float* __restrict sum = sums + j * kPanel;
      for (Index i = 0; i < rows; ++i) sum[i] = std::fma(column[i], factor, sum[i]);
    }
  }
}

template <int N>
void product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, Index depth_block, MatrixRef<float> c) {
  alignas(64) std::array<float, static_cast<std::size_t>(kPanel * N)> sums;
  for (Index row = 0; row < c.rows(); row += kPanel) {
    const Index rows = std::min(kPanel, c.rows() - row);
    for (Index begin = 0; begin < a.cols(); begin += depth_block) {
      sums.fill(0.0f);
      add_products<N>(a.data() + row, a.outerStride(), b.data(), b.outerStride(), rows, begin,
                      std::min(begin + depth_block, a.cols()), sums.data());
      const bool first = begin == 0 && beta == 0.0f;
      for (int j = 0; j < N; ++j) {
        float* to = c.data() + j * c.outerStride() + row;
        const float* sum = sums.data() + j * kPanel;
        for (Index i = 0; i < rows; ++i) to[i] = first ? sum[i] : to[i] + sum[i];
      }
    }
  }
}

Matrix<float> random_matrix(Index rows, Index columns, Random random) {
  Matrix<float> matrix(rows, columns);
  for (float& number : matrix.reshaped()) number = static_cast<float>(random.uniform()) - 0.5f;
  return matrix;
}

}  // namespace

void product_of_few(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, Index depth_block,
                    MatrixRef<float> c) {
  assert(c.cols() >= 1 && c.cols() <= kFewColumns && (beta == 0.0f || beta == 1.0f) && depth_block > 0);
  switch (c.cols()) {
    case 1:
      return product<1>(a, b, beta, depth_block, c);
    case 2:
      return product<2>(a, b, beta, depth_block, c);
    case 3:
      return product<3>(a, b, beta, depth_block, c);
    case 4:
      return product<4>(a, b, beta, depth_block, c);
    case 5:
      return product<5>(a, b, beta, depth_block, c);
    case 6:
      return product<6>(a, b, beta, depth_block, c);
    default:
      return product<7>(a, b, beta, depth_block, c);
  }
}

Index find_depth_block(Index rows, Index depth, Product product) {
  // Kernels go by blocks of rows, so that not all rows of a large matrix need be tried.
  constexpr Index kRows = 1024;
  constexpr Index kColumns = 6;
  const Matrix<float> a = random_matrix(std::min(rows, kRows), depth, Random(1));
  const Matrix<float> b = random_matrix(depth, kColumns, Random(2));
  const Matrix<float> before = random_matrix(a.rows(), kColumns, Random(3));
  const auto after = [&](float beta) {
    Matrix<float> c = before;
    product(a, b, beta, c);
    return c;
  };
  const Matrix<float> overwritten = after(0.0f);
  const Matrix<float> added = after(1.0f);
  const auto agrees = [&](Index block, float beta, const Matrix<float>& expected, Index some) {
    Matrix<float> c = before.topRows(some);
    product_of_few(a.topRows(some), b, beta, block, c);
    return c == expected.topRows(some);
  };
  const auto fits = [&](Index block) {
    // A few rows tell most that are wrong.
    return agrees(block, 0.0f, overwritten, std::min<Index>(8, a.rows())) &&
           agrees(block, 0.0f, overwritten, a.rows()) && agrees(block, 1.0f, added, a.rows());
  };
  for (const Index likely : {depth, Index{256}, (depth + 1) / 2, Index{384}}) {
    if (likely <= depth && fits(likely)) return likely;
  }
  for (Index block = 4; block < std::min<Index>(depth, 1024); block += 4) {
    if (fits(block)) return block;
  }
  return 0;
}

}  // namespace isthmus
