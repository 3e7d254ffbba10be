#include "model/transpose.h"

#include <algorithm>
#include <cassert>

namespace isthmus {

template <class S>
void transpose(ConstMatrixRef<S> a, MatrixRef<S> transposed) {
  constexpr int kSide = 16;
  assert(transposed.rows() == a.cols() && transposed.cols() == a.rows());
  for (Index column = 0; column < a.cols(); column += kSide) {
    for (Index row = 0; row < a.rows(); row += kSide) {
      const Index rows = std::min<Index>(kSide, a.rows() - row);
      const Index columns = std::min<Index>(kSide, a.cols() - column);
      if (rows == kSide && columns == kSide) {
        const Eigen::Matrix<S, kSide, kSide> square = a.template block<kSide, kSide>(row, column);
        transposed.template block<kSide, kSide>(column, row) = square.transpose();
      } else {
        transposed.block(column, row, columns, rows) = a.block(row, column, rows, columns).transpose();
      }
    }
  }
}

template void transpose(ConstMatrixRef<float>, MatrixRef<float>);
template void transpose(ConstMatrixRef<double>, MatrixRef<double>);

}  // namespace isthmus
