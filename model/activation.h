// Pointwise functions of Eigen arrays, vectorised, whose results do not depend on where in memory they lie.
#pragma once

#include <Eigen/Core>
#include <type_traits>

#include "model/matrix.h"

namespace isthmus {

/// column = expression, element by element, to the same bits at any address. Eigen's own assignment begins with single
/// elements up to the first aligned address, and exp of a single number may differ in the last bit from exp of a
/// packet: what a column holds would depend on its number, unless its rows fill whole packets. The expression may read
/// the column itself.
template <class Column, class Expression>
void assign_pointwise(Column&& column, const Eigen::ArrayBase<Expression>& expression) {
  using Evaluator = Eigen::internal::evaluator<Expression>;
  using Scalar = typename Expression::Scalar;
  static_assert(std::decay_t<Column>::InnerStrideAtCompileTime == 1);
  constexpr bool kPackets = (int{Evaluator::Flags} & Eigen::PacketAccessBit) != 0;  // tanh of doubles has none
  const Evaluator from(expression.derived());
  Scalar* to = column.data();
  const Index size = column.size();
  Index i = 0;
  if constexpr (kPackets) {
    using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
    constexpr Index kSize = Eigen::internal::packet_traits<Scalar>::size;
    for (; i + kSize <= size; i += kSize) {
      Eigen::internal::pstoreu(to + i, from.template packet<Eigen::Unaligned, Packet>(i));
    }
  }
  for (; i < size; ++i) to[i] = from.coeff(i);
}

/// The same for each column of a matrix.
template <class Matrix>
void tanh_in_place(Matrix&& matrix) {
  for (Index j = 0; j < matrix.cols(); ++j) {
    auto column = matrix.col(j).array();
    assign_pointwise(column, column.tanh());
  }
}

/// The sum of a column, whose order of additions does not depend on its address: Eigen looks for aligned packets in
/// what lies in memory, not in what is computed.
template <class Derived>
typename Derived::Scalar sum_of(const Eigen::ArrayBase<Derived>& column) {
  return (column + typename Derived::Scalar{0}).sum();
}

/// 1/(1 + e^−x). Eigen's own logistic() loses digits in the tails.
template <class Derived>
auto sigmoid(const Eigen::ArrayBase<Derived>& x) {
  using S = typename Derived::Scalar;
  return (S{1} + (-x).exp()).inverse();
}

}  // namespace isthmus
