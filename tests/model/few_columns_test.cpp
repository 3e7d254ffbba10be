#include "model/few_columns.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("a product of few columns is the sum over the depth, in blocks") {
  const Index rows = GENERATE(1, 9, 770);
  const Index depth = GENERATE(1, 7, 40);
  const float beta = GENERATE(0.0f, 1.0f);
  const Matrix<float> a = Matrix<float>::Random(rows, depth);
  const Matrix<float> b = Matrix<float>::Random(depth, kFewColumns);
  for (Index n = 1; n <= kFewColumns; ++n) {
    for (const Index block : {Index{3}, Index{8}, depth}) {
      Matrix<float> c = Matrix<float>::Random(rows + 2, n);  // the product goes into some of its rows
      const Matrix<float> before = c;
      product_of_few(a, b.leftCols(n), beta, block, c.middleRows(1, rows));
      for (Index j = 0; j < n; ++j) {
        for (Index i = 0; i < rows; ++i) {
          float sum = 0.0f;
          for (Index begin = 0; begin < depth; begin += block) {
            float part = 0.0f;
            for (Index k = begin; k < std::min(begin + block, depth); ++k) part = std::fma(a(i, k), b(k, j), part);
            sum = begin == 0 ? (beta == 0.0f ? part : before(i + 1, j) + part) : sum + part;
          }
          REQUIRE(c(i + 1, j) == sum);
        }
        REQUIRE(c(0, j) == before(0, j));
        REQUIRE(c(rows + 1, j) == before(rows + 1, j));
      }
    }
  }
}

TEST_CASE("the blocks of a product are found, and none in one that has none") {
  const Product in_blocks_of_96 = [](ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
    product_of_few(a, b, beta, 96, c);
  };
  CHECK(find_depth_block(50, 400, in_blocks_of_96) == 96);
  CHECK(find_depth_block(5000, 96, in_blocks_of_96) == 96);
  const Product backwards = [](ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
    if (beta == 0.0f) c.setZero();
    for (Index k = a.cols(); k-- > 0;) c += a.col(k) * b.row(k);
  };
  CHECK(find_depth_block(50, 400, backwards) == 0);
}

}  // namespace
}  // namespace isthmus
