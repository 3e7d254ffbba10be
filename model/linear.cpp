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
void Linear<S>::add_product(const Arena<S>& values, ConstMatrixRef<S> x, MatrixRef<S> y) const {
  gemm<S>(values[weights_], x, S{1}, y);
}

template <class S>
void Linear<S>::backward(const Arena<S>& values, ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, GradientTerms<S>& terms,
                         S beta, MatrixRef<S> d_x) const {
  backward_parameters(x, d_y, terms);
  backward_input(values, d_y, beta, d_x);
}

template <class S>
void Linear<S>::backward_parameters(ConstMatrixRef<S> x, ConstMatrixRef<S> d_y, GradientTerms<S>& terms) const {
  terms.product(weights_, d_y, x);
  if (bias_.valid()) terms.column_sum(bias_, d_y);
}

template <class S>
void Linear<S>::backward_input(const Arena<S>& values, ConstMatrixRef<S> d_y, S beta, MatrixRef<S> d_x) const {
  gemm<S>(Op::kTranspose, Op::kNone, values[weights_], d_y, beta, d_x);
}

template class Linear<float>;
template class Linear<double>;

}  // namespace isthmus
