// An affine map.
#pragma once

#include <string>

#include "model/layout.h"

namespace isthmus {

/// y = W·x + b, columns apart. Const: one object serves many threads.
template <class S>
class Linear {
 public:
  Linear(Layout& layout, const std::string& name, Index outputs, Index inputs, bool bias = true);

  /// y (outputs × columns) is overwritten.
  void forward(const Arena<S>& values, ConstMatrixRef<S> x, MatrixRef<S> y) const;
  /// Adds to the gradients of W and b. d_x (inputs × columns) becomes Wᵀ·d_y + beta·d_x.
  void backward(const Arena<S>& values, ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, Arena<S>& grads, S beta,
                MatrixRef<S> d_x) const;

 private:
  TensorId weights_;
  TensorId bias_;
};

}  // namespace isthmus
