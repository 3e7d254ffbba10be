// Word vectors: a token is a column of a table.
#pragma once

#include <span>
#include <string>

#include "core/types.h"
#include "model/buffer.h"
#include "model/gradient_terms.h"

namespace isthmus {

/// Looks tokens up in a table of size × vocabulary. Const: one object serves many threads.
template <class S>
class Embedding {
 public:
  Embedding(Layout& layout, const std::string& name, Index size, Index vocabulary);
  /// Shares a table that is already in the layout.
  Embedding(const Layout& layout, TensorId table);

  /// vectors (size × tokens, resized) = columns of the table.
  void forward(const Arena<S>& values, std::span<const TokenId> tokens, Buffer<S>& vectors) const;
  /// Each column of the gradient belongs to its token's. Both must outlive the terms.
  void backward(std::span<const TokenId> tokens, ConstMatrixRef<S> d_vectors, GradientTerms<S>& terms) const {
    terms.scatter(table_, tokens, d_vectors);
  }

  TensorId table() const { return table_; }
  Index size() const { return size_; }

 private:
  TensorId table_;
  Index size_;
};

}  // namespace isthmus
