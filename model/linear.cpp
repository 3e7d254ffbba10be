#include "model/linear.h"

#include "model/gemm.h"

namespace isthmus {

template <class S>
Linear<S>::Linear(Layout& layout, const std::string& name, Index outputs, Index inputs, bool bias)
    : weights_(layout.add(
          {.name = name + ".weights", .rows = outputs, .columns = inputs, .initialiser = Initialiser::kGlorot})) {
  if (bias) bias_ = layout.add({.name = name + ".bias", .rows = outputs, .columns = 1});
}

template <class S>
void Linear<S>::forward(const Arena<S>& values, ConstMatrixRef<S> x, MatrixRef<S> y) const {
  if (bias_.valid()) {
    y.colwise() = values[bias_].col(0);
    gemm<S>(values[weights_], x, S{1}, y);
  } else {
    gemm<S>(values[weights_], x, S{0}, y);
  }
}

template <class S>
void Linear<S>::backward(const Arena<S>& values, ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, Arena<S>& grads, S beta,
                         MatrixRef<S> d_x) const {
  gemm<S>(Op::kNone, Op::kTranspose, d_y, x, S{1}, grads[weights_]);
  if (bias_.valid()) grads[bias_] += d_y.rowwise().sum();
  gemm<S>(Op::kTranspose, Op::kNone, values[weights_], d_y, beta, d_x);
}

template class Linear<float>;
template class Linear<double>;

}  // namespace isthmus
