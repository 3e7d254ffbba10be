#include "model/dropout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace isthmus {

template <class S>
void fill_dropout_mask(Random random, double probability, Buffer<S>& mask) {
  const auto threshold = static_cast<std::uint16_t>(std::min(std::lround(probability * 65536.0), 65535L));
  const S kept = static_cast<S>(65536.0 / (65536.0 - threshold));
  S* data = mask.data();
  const Index size = mask.size();
  // Loops over small arrays, which the compiler turns into vector instructions.
  constexpr Index kWords = 64;
  std::uint64_t words[kWords] = {};
  S block[4 * kWords];
  for (Index begin = 0; begin < size; begin += 4 * kWords) {
    const Index count = std::min(4 * kWords, size - begin);
    random.fill({words, static_cast<std::size_t>((count + 3) / 4)});
    for (Index i = 0; i < 4 * kWords; ++i) {
      const auto draw = static_cast<std::uint16_t>(words[i / 4] >> (16 * (i % 4)));
      block[i] = draw < threshold ? S{0} : kept;
    }
    std::copy_n(block, count, data + begin);
  }
}

template <class S>
void draw_dropout_mask(Random random, double probability, Index rows, Index columns, Buffer<S>& mask) {
  if (probability <= 0) {
    mask.resize(0, 0);
    return;
  }
  mask.resize(rows, columns);
  fill_dropout_mask(random, probability, mask);
}

template <class S>
void apply_dropout(Random random, double probability, MatrixRef<S> activations, Buffer<S>& mask) {
  draw_dropout_mask(random, probability, activations.rows(), activations.cols(), mask);
  if (mask.size() > 0) activations.array() *= mask.array();
}

template <class S>
void dropout_backward(const Buffer<S>& mask, MatrixRef<S> gradient) {
  if (mask.size() > 0) gradient.array() *= mask.array();
}

template void fill_dropout_mask(Random, double, Buffer<float>&);
template void fill_dropout_mask(Random, double, Buffer<double>&);
template void draw_dropout_mask(Random, double, Index, Index, Buffer<float>&);
template void draw_dropout_mask(Random, double, Index, Index, Buffer<double>&);
template void apply_dropout(Random, double, MatrixRef<float>, Buffer<float>&);
template void apply_dropout(Random, double, MatrixRef<double>, Buffer<double>&);
template void dropout_backward(const Buffer<float>&, MatrixRef<float>);
template void dropout_backward(const Buffer<double>&, MatrixRef<double>);

}  // namespace isthmus
