// The gradient of the parameters as a sum of terms that are not computed yet.
#pragma once

#include <span>
#include <vector>

#include "core/types.h"
#include "model/layout.h"

namespace isthmus {

/// What the backward pass of a shard says about the parameters' gradients. A weight's gradient is a product δ·xᵀ over
/// all tokens: it is written down here and computed later, piece by piece of the tensor, so that the shards of a batch
/// add up in one arena instead of one each, and every number is written once, while it is in the cache. Terms are
/// views: what they show must live, unchanged, until the last evaluate(). Filled by one thread, then read by many.
template <class S>
class GradientTerms {
 public:
  explicit GradientTerms(const Layout& layout) : terms_(layout.tensors().size()) {}

  void clear();

  /// + left·rightᵀ, of the tensor's shape.
  void product(TensorId tensor, ConstMatrixRef<S> left, ConstMatrixRef<S> right);
  /// + a matrix of the tensor's shape.
  void matrix(TensorId tensor, ConstMatrixRef<S> matrix);
  /// + the sum of the columns, for a tensor of one column.
  void column_sum(TensorId tensor, ConstMatrixRef<S> columns);
  /// Column tokens[i] of the tensor + column i.
  void scatter(TensorId tensor, std::span<const TokenId> tokens, ConstMatrixRef<S> columns);

  /// piece (overwritten) = the block of its size at (row, column) of the tensor's gradient; zero without terms. Depends
  /// on the piece to rounding.
  void evaluate(TensorId tensor, Index row, Index column, MatrixRef<S> piece) const;
  /// All of it.
  void evaluate(Arena<S>& grads) const;

 private:
  using View = Eigen::Map<const Matrix<S>, 0, Eigen::OuterStride<>>;
  enum class Kind { kProduct, kMatrix, kColumnSum, kScatter };
  struct Term {
    Kind kind;
    View left;
    View right;
    std::span<const TokenId> tokens;
  };

  void add(TensorId tensor, Kind kind, const ConstMatrixRef<S>& left, const ConstMatrixRef<S>& right,
           std::span<const TokenId> tokens = {});

  std::vector<std::vector<Term>> terms_;  // by tensor
};

}  // namespace isthmus
