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
  /// y += W·x, without b.
  void add_product(const Arena<S>& values, ConstMatrixRef<S> x, MatrixRef<S> y) const;
  /// The gradients of W and b are terms of x and d_y, which must outlive them. d_x (inputs × columns) becomes
  /// Wᵀ·d_y + beta·d_x.
  void backward(const Arena<S>& values, ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, GradientTerms<S>& terms, S beta,
                MatrixRef<S> d_x) const;
  /// Its two halves, where there are several d_x for one pair of x and d_y.
  void backward_parameters(ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, GradientTerms<S>& terms) const;
  void backward_input(const Arena<S>& values, ConstMatrixRef<S> d_y, S beta, MatrixRef<S> d_x) const;

 private:
  TensorId weights_;
  TensorId bias_;
};

}  // namespace isthmus
