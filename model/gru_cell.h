// Gated recurrent unit (Cho et al. 2014), with the reset gate after the product as in cuDNN and PyTorch, so that one
// product serves all gates.
//
//   ⎡r⎤   ⎡σ⎤
//   ⎣z⎦ = ⎣σ⎦ (W·x + b + U·h_{t−1} + b_U)      n = tanh(W_n·x + b_n + r∘(U_n·h_{t−1} + b_Un))
//   h_t = (1 − z)∘n + z∘h_{t−1}
#pragma once

#include "model/activation.h"
#include "model/cell.h"

namespace isthmus {

template <class S>
struct GruCell {
  static constexpr int kGates = 3;
  static constexpr bool kHasMemory = false;
  static constexpr bool kSeparateRecurrent = true;

  static void forward(const CellForward<S>& step) {
    const Index h = step.hidden_size;
    auto gates = step.gates;
    auto hidden = step.hidden;
    for (Index b = 0; b < step.columns; ++b) {
      auto column = gates.col(b).array();
      const auto recurrent = step.recurrent.col(b).array();
      assign_pointwise(column.head(2 * h), sigmoid(column.head(2 * h) + recurrent.head(2 * h)));
      auto r = column.head(h);
      auto z = column.segment(h, h);
      auto n = column.tail(h);
      assign_pointwise(n, (n + r * recurrent.tail(h)).tanh());
      assign_pointwise(hidden.col(b).array(), n + z * (step.previous_hidden.col(b).array() - n));
    }
  }

  static void backward(const CellBackward<S>& step) {
    const Index h = step.hidden_size;
    auto gates = step.gates;
    auto recurrent = step.recurrent;
    auto d_hidden = step.d_hidden;
    Vector<S> d_candidate(h);
    for (Index b = 0; b < step.columns; ++b) {
      auto r = gates.col(b).array().head(h);
      auto z = gates.col(b).array().segment(h, h);
      auto n = gates.col(b).array().tail(h);
      auto dh = d_hidden.col(b).array();
      auto candidate = recurrent.col(b).array().tail(h);  // U_n·h + b_Un, then its gradient
      d_candidate.array() = dh * (S{1} - z) * (S{1} - n.square());
      const auto dn = d_candidate.array();
      recurrent.col(b).array().segment(h, h) = dh * (step.previous_hidden.col(b).array() - n) * z * (S{1} - z);
      dh *= z;
      z = recurrent.col(b).array().segment(h, h);
      recurrent.col(b).array().head(h) = dn * candidate * r * (S{1} - r);
      candidate = dn * r;
      r = recurrent.col(b).array().head(h);
      n = dn;
    }
  }
};

}  // namespace isthmus
