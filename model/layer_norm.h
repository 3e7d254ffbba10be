// Layer normalisation (Ba, Kiros & Hinton 2016).
#pragma once

#include <string>

#include "model/layout.h"

namespace isthmus {

/// y = γ∘(x − mean(x))/√(var(x) + ε), each column apart; the bias is the caller's. Const: one object serves many
/// threads.
template <class S>
class LayerNorm {
 public:
  LayerNorm(Layout& layout, const std::string& name, Index size);

  /// x becomes y. Keeps the normalised values (size × columns) and 1/√(var + ε) (1 × columns) for the way back; both
  /// must have their sizes already.
  void forward(const Arena<S>& values, MatrixRef<S> x, MatrixRef<S> normalised, MatrixRef<S> scale) const;
  /// gradient: in ∂L/∂y, out ∂L/∂x. Adds to d_gain, the gradient of γ.
  void backward(const Arena<S>& values, ConstMatrixRef<S> normalised, ConstMatrixRef<S> scale, Vector<S>& d_gain,
                MatrixRef<S> gradient) const;

  TensorId gain() const { return gain_; }

 private:
  TensorId gain_;
};

}  // namespace isthmus
