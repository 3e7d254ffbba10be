#include "model/packed_product.h"

#include "model/few_columns.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("a packed product is that of few columns, bit for bit, for any number of columns") {
  if (!kFusesMultiplications) return;
  const Index rows = GENERATE(1, 15, 16, 65, 200);
  const Index depth = GENERATE(1, 9, 100);
  const Index block = GENERATE(8, 256);
  const float beta = GENERATE(0.0f, 1.0f);
  const Matrix<float> a = Matrix<float>::Random(rows, depth);
  const Matrix<float> b = Matrix<float>::Random(depth + 1, 20).topRows(depth);
  const Matrix<float> before = Matrix<float>::Random(rows + 2, 20);
  for (Index n = 1; n <= 20; ++n) {
    Matrix<float> c = before.leftCols(n);  // the product goes into some of its rows
    packed_product(a, b.leftCols(n), beta, block, c.middleRows(1, rows));
    Matrix<float> expected = before.leftCols(n);
    for (Index j = 0; j < n; ++j) {
      product_of_few(a, b.middleCols(j, 1), beta, block, expected.middleCols(j, 1).middleRows(1, rows));
    }
    REQUIRE(c == expected);
  }
}

TEST_CASE("products with parts of larger matrices") {
  const Matrix<float> a = Matrix<float>::Random(40, 30);
  const Matrix<float> b = Matrix<float>::Random(50, 9);
  Matrix<float> c(20, 9);
  packed_product(a.block(3, 2, 20, 25), b.middleRows(11, 25), 0.0f, 256, c);
  const Matrix<float> expected = a.block(3, 2, 20, 25) * b.middleRows(11, 25);
  CHECK(c.isApprox(expected, 1e-5f));
}

}  // namespace
}  // namespace isthmus
