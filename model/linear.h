// An affine map.
#pragma once

#include <string>

#include "model/gradient_terms.h"

namespace isthmus {

/// y = W·x + b, columns apart. Const: one object serves many threads.
template <class S>
class Linear {
 public:
  Linear(Layout& layout, const std::string& name, Index outputs, Index inputs, bool bias = true);

  /// y (outputs × columns) is overwritten.
  void forward(const Arena<S>& values, ConstMatrixRef<S> x, MatrixRef<S> y) const;
  /// The gradients of W and b are terms of x and d_y, which must outlive them. d_x (inputs × columns) becomes
  /// Wᵀ·d_y + beta·d_x.
  void backward(const Arena<S>& values, ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, GradientTerms<S>& terms, S beta,
                MatrixRef<S> d_x) const;

 private:
  TensorId weights_;
  TensorId bias_;
};

}  // namespace isthmus
