// The plain recurrent network (Elman 1990): h_t = tanh(W·x + U·h_{t−1} + b).
#pragma once

#include "model/activation.h"
#include "model/cell.h"

namespace isthmus {

template <class S>
struct TanhCell {
  static constexpr int kGates = 1;
  static constexpr bool kHasMemory = false;
  static constexpr bool kSeparateRecurrent = false;

  static void forward(const CellForward<S>& step) {
    auto gates = step.gates;
    auto hidden = step.hidden;
    tanh_in_place(gates);
    hidden = gates;
  }

  static void backward(const CellBackward<S>& step) {
    auto gates = step.gates;
    auto d_hidden = step.d_hidden;
    gates.array() = d_hidden.array() * (S{1} - gates.array().square());
    d_hidden.setZero();
  }
};

}  // namespace isthmus
