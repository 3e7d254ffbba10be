#include "model/transpose.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("a transpose has the rows for columns, whatever the shape") {
  const Index rows = GENERATE(0, 1, 15, 16, 40);
  const Index columns = GENERATE(0, 1, 16, 33);
  CAPTURE(rows, columns);
  const Matrix<double> a = Matrix<double>::Random(rows, columns);
  Matrix<double> transposed(columns, rows);
  transpose<double>(a, transposed);
  CHECK(transposed == a.transpose());
}

TEST_CASE("a part of a matrix is transposed as that part") {
  const Matrix<float> whole = Matrix<float>::Random(50, 20);
  Matrix<float> transposed(20, 40);
  transpose<float>(whole.middleRows(5, 40), transposed);
  CHECK(transposed == whole.middleRows(5, 40).transpose());
}

}  // namespace
}  // namespace isthmus
