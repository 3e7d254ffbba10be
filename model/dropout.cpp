#include "model/dropout.h"

#include <cmath>
#include <cstdint>

namespace isthmus {

template <class S>
void fill_dropout_mask(Random random, double probability, Matrix<S>& mask) {
  const auto threshold = static_cast<std::uint32_t>(std::lround(probability * 65536.0));
  const S kept = static_cast<S>(65536.0 / (65536.0 - threshold));
  S* data = mask.data();
  const Index size = mask.size();
  for (Index i = 0; i < size; i += 4) {
    std::uint64_t bits = random.bits();
    for (Index j = i; j < std::min(i + 4, size); ++j, bits >>= 16) data[j] = (bits & 0xffff) < threshold ? S{0} : kept;
  }
}

template <class S>
void apply_dropout(Random random, double probability, MatrixRef<S> activations, Matrix<S>& mask) {
  if (probability <= 0) {
    mask.resize(0, 0);
    return;
  }
  mask.resize(activations.rows(), activations.cols());
  fill_dropout_mask(random, probability, mask);
  activations.array() *= mask.array();
}

template <class S>
void dropout_backward(const Matrix<S>& mask, MatrixRef<S> gradient) {
  if (mask.size() > 0) gradient.array() *= mask.array();
}

template void fill_dropout_mask(Random, double, Matrix<float>&);
template void fill_dropout_mask(Random, double, Matrix<double>&);
template void apply_dropout(Random, double, MatrixRef<float>, Matrix<float>&);
template void apply_dropout(Random, double, MatrixRef<double>, Matrix<double>&);
template void dropout_backward(const Matrix<float>&, MatrixRef<float>);
template void dropout_backward(const Matrix<double>&, MatrixRef<double>);

}  // namespace isthmus
