// Long short-term memory (Hochreiter & Schmidhuber 1997) with a forget gate (Gers et al. 2000).
//
//   ⎡i⎤   ⎡σ   ⎤
//   ⎢f⎥ = ⎢σ   ⎥ (W·x + U·h_{t−1} + b)        c_t = f∘c_{t−1} + i∘g        h_t = o∘tanh(c_t)
//   ⎢g⎥   ⎢tanh⎥
//   ⎣o⎦   ⎣σ   ⎦
#pragma once

#include "model/activation.h"
#include "model/cell.h"

namespace isthmus {

template <class S>
struct LstmCell {
  static constexpr int kGates = 4;
  static constexpr bool kHasMemory = true;
  static constexpr bool kSeparateRecurrent = false;

  static void forward(const CellForward<S>& step) {
    const Index h = step.hidden_size;
    auto gates = step.gates;
    auto memory = step.memory;
    auto hidden = step.hidden;
    for (Index b = 0; b < step.columns; ++b) {
      auto column = gates.col(b).array();
      assign_pointwise(column.head(2 * h), sigmoid(column.head(2 * h)));
      assign_pointwise(column.segment(2 * h, h), column.segment(2 * h, h).tanh());
      assign_pointwise(column.tail(h), sigmoid(column.tail(h)));
      assign_pointwise(memory.col(b).array(), column.segment(h, h) * step.previous_memory.col(b).array() +
                                                  column.head(h) * column.segment(2 * h, h));
      assign_pointwise(hidden.col(b).array(), column.tail(h) * memory.col(b).array().tanh());
    }
  }

  static void backward(const CellBackward<S>& step) {
    const Index h = step.hidden_size;
    auto gates = step.gates;
    auto d_hidden = step.d_hidden;
    auto d_memory = step.d_memory;
    Vector<S> squashed(h);
    for (Index b = 0; b < step.columns; ++b) {
      auto i = gates.col(b).array().head(h);
      auto f = gates.col(b).array().segment(h, h);
      auto g = gates.col(b).array().segment(2 * h, h);
      auto o = gates.col(b).array().tail(h);
      auto dh = d_hidden.col(b).array();
      auto dc = d_memory.col(b).array();
      squashed.array() = step.memory.col(b).array().tanh();
      const auto tanh_c = squashed.array();
      dc += dh * o * (S{1} - tanh_c.square());
      o = dh * tanh_c * o * (S{1} - o);
      const auto c_previous = step.previous_memory.col(b).array();
      squashed.array() = dc * f;  // ∂L/∂c_{t−1}, kept while f turns into its gradient
      f = dc * c_previous * f * (S{1} - f);
      dh = dc * i * (S{1} - g.square());  // δ_g, for g and i need each other's activation
      i = dc * g * i * (S{1} - i);
      g = dh;
      dc = squashed.array();
      dh.setZero();
    }
  }
};

}  // namespace isthmus
