#include "model/gradient_terms.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

constexpr TensorId kTable{0};
constexpr TensorId kBias{1};

Layout layout_of_two() {
  Layout layout;
  layout.add({.name = "table", .rows = 3, .columns = 7});
  layout.add({.name = "bias", .rows = 3, .columns = 1});
  return layout;
}

TEST_CASE("every kind of term adds to the gradient, in any piece") {
  const Layout layout = layout_of_two();
  const Matrix<double> left = Matrix<double>::Random(3, 5);
  const Matrix<double> right = Matrix<double>::Random(7, 5);
  const Matrix<double> more = Matrix<double>::Random(7, 2);
  const Matrix<double> given = Matrix<double>::Random(3, 7);
  const Matrix<double> vectors = Matrix<double>::Random(3, 4);
  const std::vector<TokenId> tokens = {6, 0, 6, 2};
  GradientTerms<double> terms(layout);
  terms.matrix(kTable, given);
  terms.product(kTable, left, right);
  terms.product(kTable, left.leftCols(2), more);
  terms.scatter(kTable, tokens, vectors);
  terms.column_sum(kBias, left);

  Matrix<double> expected = given + left * right.transpose() + left.leftCols(2) * more.transpose();
  for (Index i = 0; i < 4; ++i) expected.col(tokens[static_cast<std::size_t>(i)]) += vectors.col(i);
  Arena<double> grads(layout);
  grads.flat().setConstant(99.0);  // overwritten
  terms.evaluate(grads);
  CHECK(grads[kTable].isApprox(expected, 1e-13));
  CHECK(grads[kBias].isApprox(left.rowwise().sum(), 1e-13));

  const Index row = GENERATE(0, 1);
  const Index column = GENERATE(0, 1, 5);
  const Index rows = GENERATE(1, 2);
  const Index columns = GENERATE(1, 2);
  Matrix<double> piece = Matrix<double>::Constant(rows, columns, 99.0);
  terms.evaluate(kTable, row, column, piece);
  CHECK(piece.isApprox(expected.block(row, column, rows, columns), 1e-13));
  Matrix<double> part = Matrix<double>::Constant(rows, 1, 99.0);
  terms.evaluate(kBias, row, 0, part);
  CHECK(part.isApprox(left.rowwise().sum().segment(row, rows), 1e-13));
}

TEST_CASE("without terms the gradient is zero") {
  const Layout layout = layout_of_two();
  GradientTerms<double> terms(layout);
  const Matrix<double> ones = Matrix<double>::Ones(3, 7);
  terms.matrix(kTable, ones);
  terms.clear();
  Arena<double> grads(layout);
  grads.flat().setConstant(99.0);
  terms.evaluate(grads);
  CHECK(grads[kTable].isZero(0));
  CHECK(grads[kBias].isZero(0));
}

}  // namespace
}  // namespace isthmus
