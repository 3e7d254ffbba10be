#include "model/gemm.h"

#include <limits>

#include "tests/catch.h"

namespace isthmus {
namespace {

TEMPLATE_TEST_CASE("products agree with sums written out", "", float, double) {
  using S = TestType;
  const auto op_a = GENERATE(Op::kNone, Op::kTranspose);
  const auto op_b = GENERATE(Op::kNone, Op::kTranspose);
  const auto beta = GENERATE(0.0, 1.0, 0.5);
  for (const Index n : {1, 2, 7}) {
    const Matrix<S> a = op_a == Op::kNone ? Matrix<S>::Random(5, 4) : Matrix<S>::Random(4, 5);
    const Matrix<S> b = op_b == Op::kNone ? Matrix<S>::Random(4, n) : Matrix<S>::Random(n, 4);
    Matrix<S> big = Matrix<S>::Random(9, n);  // the product goes into some of its rows
    const Matrix<S> before = big;
    gemm<S>(op_a, op_b, a, b, static_cast<S>(beta), big.middleRows(2, 5));
    for (Index i = 0; i < 5; ++i) {
      for (Index j = 0; j < n; ++j) {
        double sum = beta * before(i + 2, j);
        for (Index k = 0; k < 4; ++k) {
          sum += static_cast<double>(op_a == Op::kNone ? a(i, k) : a(k, i)) * (op_b == Op::kNone ? b(k, j) : b(j, k));
        }
        REQUIRE(big(i + 2, j) == Approx(sum).margin(1e-5));
      }
    }
    CHECK(big.topRows(2) == before.topRows(2));
    CHECK(big.bottomRows(2) == before.bottomRows(2));
  }
}

TEST_CASE("with beta 0 the old content does not matter") {
  Matrix<float> c(2, 2);
  c.setConstant(std::numeric_limits<float>::quiet_NaN());
  const Matrix<float> one = Matrix<float>::Identity(2, 2);
  gemm<float>(one, one, 0.0f, c);
  CHECK(c == one);
}

TEST_CASE("a column of a product does not depend on its neighbours, bit for bit") {
  // Fewer rows than wide products are cut into, and more.
  const Index rows = GENERATE(13, 300, 1100, 2048);
  const Index depth = GENERATE(30, 128, 257, 512, 700);
  const float beta = GENERATE(0.0f, 1.0f);
  const SteadyProducts steady;
  const Matrix<float> a = Matrix<float>::Random(rows, depth);
  const Matrix<float> b = Matrix<float>::Random(depth, 150);
  const Matrix<float> before = Matrix<float>::Random(rows, 150);
  const auto product = [&](Index columns) {
    Matrix<float> c = before.leftCols(columns);
    gemm<float>(a, b.leftCols(columns), beta, c);
    return c;
  };
  const Matrix<float> all = product(150);
  for (const Index n : {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31, 32, 33, 47, 48, 49, 64, 65, 96, 100, 127, 128, 129, 149}) {
    INFO(n << " columns");
    REQUIRE(product(n) == all.leftCols(n));
  }
}

}  // namespace
}  // namespace isthmus
