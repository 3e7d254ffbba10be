#include "model/steady_product.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace isthmus::internal {
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
void product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  alignas(64) std::array<float, static_cast<std::size_t>(kPanel * N)> sums;
  for (Index row = 0; row < c.rows(); row += kPanel) {
    const Index rows = std::min(kPanel, c.rows() - row);
    for (Index begin = 0; begin < a.cols(); begin += kDepthBlock) {
      sums.fill(0.0f);
      add_products<N>(a.data() + row, a.outerStride(), b.data(), b.outerStride(), rows, begin,
                      std::min(begin + kDepthBlock, a.cols()), sums.data());
      const bool first = begin == 0 && beta == 0.0f;
      for (int j = 0; j < N; ++j) {
        float* to = c.data() + j * c.outerStride() + row;
        const float* sum = sums.data() + j * kPanel;
        for (Index i = 0; i < rows; ++i) to[i] = first ? sum[i] : to[i] + sum[i];
      }
    }
  }
}

}  // namespace

void product_of_few(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
  assert(c.cols() >= 1 && c.cols() <= kFewColumns && (beta == 0.0f || beta == 1.0f));
  switch (c.cols()) {
    case 1:
      return product<1>(a, b, beta, c);
    case 2:
      return product<2>(a, b, beta, c);
    case 3:
      return product<3>(a, b, beta, c);
    case 4:
      return product<4>(a, b, beta, c);
    case 5:
      return product<5>(a, b, beta, c);
    case 6:
      return product<6>(a, b, beta, c);
    default:
      return product<7>(a, b, beta, c);
  }
}

}  // namespace isthmus::internal
