#include "model/steady_product.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"

namespace isthmus {
namespace {

/// The sum over the depth in its order, in blocks.
float element(const Matrix<float>& a, const Matrix<float>& b, Index i, Index j, float beta, float before) {
  float sum = 0.0f;
  for (Index begin = 0; begin < a.cols(); begin += internal::kDepthBlock) {
    float part = 0.0f;
    for (Index k = begin; k < std::min(begin + internal::kDepthBlock, a.cols()); ++k) {
#ifdef FP_FAST_FMAF
      part = std::fma(a(i, k), b(k, j), part);
#else
      part += a(i, k) * b(k, j);
#endif
    }
    sum = begin == 0 ? (beta == 0.0f ? part : before + part) : sum + part;
  }
  return sum;
}

TEST_CASE("a steady product is the sum over the depth, bit for bit, for any number of columns") {
  const Index rows = GENERATE(1, 9, 16, 65, 130, 770);
  const Index depth = GENERATE(1, 7, 256, 300, 600);
  const float beta = GENERATE(0.0f, 1.0f);
  const Matrix<float> a = Matrix<float>::Random(rows + 3, depth);
  const Matrix<float> b = Matrix<float>::Random(depth + 1, 20);
  const Matrix<float> before = Matrix<float>::Random(rows + 2, 20);
  const Matrix<float> part_of_a = a.middleRows(2, rows);
  const Matrix<float> part_of_b = b.topRows(depth);
  Matrix<float> expected(rows, 20);
  for (Index j = 0; j < 20; ++j) {
    for (Index i = 0; i < rows; ++i) expected(i, j) = element(part_of_a, part_of_b, i, j, beta, before(i + 1, j));
  }
  for (Index n = 1; n <= 20; ++n) {
    Matrix<float> c = before.leftCols(n);  // the product goes into some of its rows
    steady_product(a.middleRows(2, rows), b.topRows(depth).leftCols(n), beta, c.middleRows(1, rows));
    REQUIRE(c.middleRows(1, rows) == expected.leftCols(n));
    REQUIRE(c.row(0) == before.row(0).leftCols(n));
    REQUIRE(c.row(rows + 1) == before.row(rows + 1).leftCols(n));
  }
}

TEST_CASE("with beta 0 a steady product reads nothing of what stood there") {
  for (const Index n : {1, 9}) {
    Matrix<float> c = Matrix<float>::Constant(5, n, std::nanf(""));
    steady_product(Matrix<float>::Identity(5, 5), Matrix<float>::Ones(5, n), 0.0f, c);
    CHECK(c == Matrix<float>::Ones(5, n));
  }
}

}  // namespace
}  // namespace isthmus
