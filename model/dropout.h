// Dropout masks (Srivastava et al. 2014).
#pragma once

#include "core/random.h"
#include "model/buffer.h"

namespace isthmus {

/// Fills a mask with 0 (with `probability`, to 1/65536) and 1/(1 − probability), so that a product with it keeps the
/// mean.
template <class S>
void fill_dropout_mask(Random random, double probability, Buffer<S>& mask);

/// A new mask (rows × columns); with probability 0 an empty one.
template <class S>
void draw_dropout_mask(Random random, double probability, Index rows, Index columns, Buffer<S>& mask);

/// Scales `activations` by a new mask, which is kept for the way back. With probability 0 the mask becomes empty.
template <class S>
void apply_dropout(Random random, double probability, MatrixRef<S> activations, Buffer<S>& mask);

/// The way back. An empty mask drops nothing.
template <class S>
void dropout_backward(const Buffer<S>& mask, MatrixRef<S> gradient);

}  // namespace isthmus
