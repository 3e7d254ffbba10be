// From the encoder's final state to the decoder's initial one.
#pragma once

#include <vector>

#include "model/linear.h"
#include "model/model_options.h"
#include "model/recurrent_layer.h"

namespace isthmus {

/// Copy, dense (per layer tanh(W·h + b) and W·c + b) or zero. Const: one object serves many threads.
template <class S>
class Bridge {
 public:
  Bridge(Layout& layout, const ModelOptions& options);

  void forward(const Arena<S>& values, const RnnState<S>& context, RnnState<S>& initial) const;
  /// d_initial is used up, and with `context` it must outlive the terms. d_context is overwritten.
  void backward(const Arena<S>& values, const RnnState<S>& context, const RnnState<S>& initial, RnnState<S>& d_initial,
                GradientTerms<S>& terms, RnnState<S>& d_context) const;

 private:
  BridgeType type_;
  Index hidden_size_;
  std::vector<Linear<S>> hidden_;  ///< by layer
  std::vector<Linear<S>> memory_;
};

}  // namespace isthmus
