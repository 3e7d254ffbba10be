#include "model/layer_norm.h"

#include "model/activation.h"

namespace isthmus {

template <class S>
LayerNorm<S>::LayerNorm(Layout& layout, const std::string& name, Index size)
    : gain_(layout.add({.name = name + ".gain", .rows = size, .columns = 1, .initialiser = Initialiser::kOne})) {}

template <class S>
void LayerNorm<S>::forward(const Arena<S>& values, MatrixRef<S> x, MatrixRef<S> normalised, MatrixRef<S> scale) const {
  constexpr S kEpsilon = S(1e-5);
  const auto gain = values[gain_].col(0).array();
  for (Index b = 0; b < x.cols(); ++b) {
    const S mean = sum_of(x.col(b).array()) / static_cast<S>(x.rows());
    const S variance = (x.col(b).array() - mean).square().mean();
    scale(0, b) = S{1} / std::sqrt(variance + kEpsilon);
    normalised.col(b).array() = (x.col(b).array() - mean) * scale(0, b);
    x.col(b).array() = gain * normalised.col(b).array();
  }
}

template <class S>
void LayerNorm<S>::backward(const Arena<S>& values, ConstMatrixRef<S> normalised, ConstMatrixRef<S> scale,
                            Vector<S>& d_gain, MatrixRef<S> gradient) const {
  const auto gain = values[gain_].col(0).array();
  for (Index b = 0; b < gradient.cols(); ++b) {
    auto d = gradient.col(b).array();
    const auto n = normalised.col(b).array();
    d_gain.array() += d * n;
    d *= gain;
    const S mean = sum_of(d) / static_cast<S>(d.size());
    const S correlation = (d * n).mean();
    d = scale(0, b) * (d - mean - n * correlation);
  }
}

template class LayerNorm<float>;
template class LayerNorm<double>;

}  // namespace isthmus
