#include "model/gradient_terms.h"

#include "model/gemm.h"

namespace isthmus {

template <class S>
void GradientTerms<S>::clear() {
  for (std::vector<Term>& terms : terms_) terms.clear();
}

template <class S>
void GradientTerms<S>::add(TensorId tensor, Kind kind, const ConstMatrixRef<S>& left, const ConstMatrixRef<S>& right,
                           std::span<const TokenId> tokens) {
  const auto view = [](const ConstMatrixRef<S>& matrix) {
    return View(matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.outerStride()));
  };
  terms_[static_cast<std::size_t>(tensor.index)].push_back({kind, view(left), view(right), tokens});
}

template <class S>
void GradientTerms<S>::product(TensorId tensor, ConstMatrixRef<S> left, ConstMatrixRef<S> right) {
  add(tensor, Kind::kProduct, left, right);
}

template <class S>
void GradientTerms<S>::matrix(TensorId tensor, ConstMatrixRef<S> matrix) {
  add(tensor, Kind::kMatrix, matrix, matrix);
}

template <class S>
void GradientTerms<S>::column_sum(TensorId tensor, ConstMatrixRef<S> columns) {
  add(tensor, Kind::kColumnSum, columns, columns);
}

template <class S>
void GradientTerms<S>::scatter(TensorId tensor, std::span<const TokenId> tokens, ConstMatrixRef<S> columns) {
  add(tensor, Kind::kScatter, columns, columns, tokens);
}

template <class S>
void GradientTerms<S>::evaluate(TensorId tensor, Index row, Index column, MatrixRef<S> piece) const {
  const std::vector<Term>& terms = terms_[static_cast<std::size_t>(tensor.index)];
  bool written = false;
  for (const Term& term : terms) {
    if (term.kind != Kind::kProduct) continue;
    gemm<S>(Op::kNone, Op::kTranspose, term.left.middleRows(row, piece.rows()),
            term.right.middleRows(column, piece.cols()), S(written), piece);
    written = true;
  }
  if (!written) piece.setZero();
  for (const Term& term : terms) {
    switch (term.kind) {
      case Kind::kProduct:
        break;
      case Kind::kMatrix:
        piece += term.left.block(row, column, piece.rows(), piece.cols());
        break;
      case Kind::kColumnSum:
        for (Index i = 0; i < term.left.cols(); ++i) piece.col(0) += term.left.col(i).segment(row, piece.rows());
        break;
      case Kind::kScatter:
        for (std::size_t i = 0; i < term.tokens.size(); ++i) {
          const Index at = term.tokens[i] - column;
          if (at < 0 || at >= piece.cols()) continue;
          piece.col(at) += term.left.col(static_cast<Index>(i)).segment(row, piece.rows());
        }
        break;
    }
  }
}

template <class S>
void GradientTerms<S>::evaluate(Arena<S>& grads) const {
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const TensorId tensor{static_cast<int>(i)};
    evaluate(tensor, 0, 0, grads[tensor]);
  }
}

template class GradientTerms<float>;
template class GradientTerms<double>;

}  // namespace isthmus
