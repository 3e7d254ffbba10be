#include "model/recurrent_layer.h"

#include <cassert>

#include "model/dropout.h"
#include "model/gemm.h"
#include "model/gru_cell.h"
#include "model/lstm_cell.h"
#include "model/tanh_cell.h"
#include "model/transpose.h"

namespace isthmus {
namespace {

/// What the layer must know of a cell before it steps.
struct CellTraits {
  int gates;
  bool has_memory;
  bool separate_recurrent;
};

template <template <class> class Cell>
constexpr CellTraits traits() {
  return {Cell<float>::kGates, Cell<float>::kHasMemory, Cell<float>::kSeparateRecurrent};
}

CellTraits traits_of(CellType cell) {
  switch (cell) {
    case CellType::kTanh:
      return traits<TanhCell>();
    case CellType::kGru:
      return traits<GruCell>();
    case CellType::kLstm:
      return traits<LstmCell>();
  }
  return {};
}

}  // namespace

template <class S>
RecurrentLayer<S>::RecurrentLayer(Layout& layout, const std::string& name, const RecurrentShape& shape)
    : shape_(shape) {
  const int gates = traits_of(shape.cell).gates;
  const Index rows = gates * shape.hidden;
  const auto matrix = [&](const char* part, Index columns, Initialiser initialiser) {
    return layout.add(
        {.name = name + "." + part, .rows = rows, .columns = columns, .initialiser = initialiser, .gates = gates});
  };
  input_weights_ = matrix("input_weights", shape.inputs, Initialiser::kGlorot);
  recurrent_weights_ =
      matrix("recurrent_weights", shape.hidden, shape.orthogonal ? Initialiser::kOrthogonal : Initialiser::kGlorot);
  if (shape.constants > 0) {
    constant_weights_ = matrix(shape.fed ? "fed_weights" : "context_weights", shape.constants, Initialiser::kGlorot);
  }
  bias_ = layout.add({.name = name + ".bias",
                      .rows = rows,
                      .columns = 1,
                      .initialiser = shape.cell == CellType::kLstm ? Initialiser::kForgetGate : Initialiser::kZero,
                      .gates = gates,
                      .value = shape.forget_bias});
  if (traits_of(shape.cell).separate_recurrent) {
    recurrent_bias_ = layout.add({.name = name + ".recurrent_bias", .rows = rows, .columns = 1});
  }
  if (shape.layer_norm) {
    input_norm_.emplace(layout, name + ".input_norm", rows);
    recurrent_norm_.emplace(layout, name + ".recurrent_norm", rows);
  }
}

template <class S>
bool RecurrentLayer<S>::has_memory() const {
  return traits_of(shape_.cell).has_memory;
}

template <class S>
bool RecurrentLayer<S>::separate() const {
  return traits_of(shape_.cell).separate_recurrent || shape_.layer_norm;
}

template <class S>
Index RecurrentLayer<S>::gate_rows() const {
  return traits_of(shape_.cell).gates * shape_.hidden;
}

template <class S>
bool RecurrentLayer<S>::starts_at_zero(const Input& input) const {
  return input.initial_hidden.size() == 0;
}

template <class S>
typename RecurrentLayer<S>::InitialState RecurrentLayer<S>::initial_state(const Input& input,
                                                                          RecurrentCache<S>& cache) const {
  if (!starts_at_zero(input)) return {input.initial_hidden, input.initial_memory};
  cache.zeros.setZero(shape_.hidden, input.packing.sentences());
  return {cache.zeros, cache.zeros};
}

template <class S>
void RecurrentLayer<S>::constant_product(const Arena<S>& values, ConstMatrixRef<S> constant, Matrix<S>& product) const {
  product.resize(gate_rows(), constant.cols());
  gemm<S>(values[constant_weights_], constant, S{0}, product);
}

template <class S>
void RecurrentLayer<S>::input_products(const Arena<S>& values, const Input& input, Steps steps,
                                       RecurrentCache<S>& cache) const {
  const Packing& packing = input.packing;
  const auto bias = values[bias_].col(0);
  for (auto t = static_cast<std::size_t>(steps.begin); t < static_cast<std::size_t>(steps.end); ++t) {
    auto gates = cache.gates.middleCols(packing.offset[t], packing.alive[t]);
    if (shape_.constants > 0) {
      gates = cache.constant.leftCols(packing.alive[t]);
    } else if (shape_.layer_norm) {
      gates.setZero();
    } else {
      gates.colwise() = bias;
    }
  }
  const Index at = steps.column(packing);
  const Index columns = steps.columns(packing);
  gemm<S>(values[input_weights_], input.x.middleCols(at, columns), S{1}, cache.gates.middleCols(at, columns));
}

template <class S>
void RecurrentLayer<S>::gather_shared(const Arena<S>& values, const Input& input, Index begin, Index columns,
                                      RecurrentCache<S>& cache) const {
  const auto bias = values[bias_].col(0);
  for (Index i = 0; i < columns; ++i) {
    auto gates = cache.gates.col(begin + i);
    const auto shared = cache.shared.col(input.column[static_cast<std::size_t>(begin + i)]);
    if (shape_.constants > 0) {
      gates = shared + cache.constant.col(i);
    } else if (shape_.layer_norm) {
      gates = shared;
    } else {
      gates = shared + bias;
    }
  }
}

template <class S>
void RecurrentLayer<S>::scatter_shared(const Input& input, Index begin, Index columns, RecurrentCache<S>& cache) const {
  for (Index i = begin; i < begin + columns; ++i) {
    cache.shared.col(input.column[static_cast<std::size_t>(i)]) += cache.gates.col(i);
  }
}

template <class S>
void RecurrentLayer<S>::normalise_input(const Arena<S>& values, Index begin, Index columns,
                                        RecurrentCache<S>& cache) const {
  auto gates = cache.gates.middleCols(begin, columns);
  input_norm_->forward(values, gates, cache.input_normalised.middleCols(begin, columns),
                       cache.input_scale.middleCols(begin, columns));
  gates.colwise() += values[bias_].col(0);
}

template <class S>
template <template <class> class Cell>
void RecurrentLayer<S>::forward_steps(const Arena<S>& values, const Input& input, Steps steps,
                                      RecurrentCache<S>& cache) const {
  const Packing& packing = input.packing;
  const Index h = shape_.hidden;
  const auto u = values[recurrent_weights_];
  const InitialState initial = initial_state(input, cache);
  Buffer<S> none;
  none.resize(0, packing.sentences());
  for (auto t = static_cast<std::size_t>(steps.begin); t < static_cast<std::size_t>(steps.end); ++t) {
    const Index n = packing.alive[t];
    const Index at = packing.offset[t];
    const Index before = t == 0 ? 0 : packing.offset[t - 1];
    const ConstMatrixRef<S> hidden =
        t == 0 ? ConstMatrixRef<S>(initial.hidden.leftCols(n)) : ConstMatrixRef<S>(cache.hidden.middleCols(before, n));
    const bool nothing_before = t == 0 && starts_at_zero(input);
    auto previous = cache.previous.middleCols(at, n);
    if (!nothing_before) {
      previous = hidden;
      if (cache.recurrent_mask.size() > 0) previous.array() *= cache.recurrent_mask.leftCols(n).array();
    }
    auto gates = cache.gates.middleCols(at, n);
    // Step by step, while they are in the processor's cache.
    if (!input.column.empty()) gather_shared(values, input, at, n, cache);
    if (shape_.layer_norm) normalise_input(values, at, n, cache);
    if (separate()) {
      auto recurrent = cache.recurrent.middleCols(at, n);
      if (nothing_before) {
        recurrent.setZero();
      } else {
        gemm<S>(u, previous, S{0}, recurrent);
      }
      if (shape_.layer_norm) {
        recurrent_norm_->forward(values, recurrent, cache.recurrent_normalised.middleCols(at, n),
                                 cache.recurrent_scale.middleCols(at, n));
      }
      if (Cell<S>::kSeparateRecurrent) {
        recurrent.colwise() += values[recurrent_bias_].col(0);
      } else {
        gates += recurrent;
      }
    } else if (!nothing_before) {
      gemm<S>(u, previous, S{1}, gates);
    }
    const Buffer<S>& kept_apart = Cell<S>::kSeparateRecurrent ? cache.recurrent : none;
    const Index apart_at = Cell<S>::kSeparateRecurrent ? at : 0;
    Buffer<S>& memory = Cell<S>::kHasMemory ? cache.memory : none;
    const ConstMatrixRef<S> previous_memory = !Cell<S>::kHasMemory ? ConstMatrixRef<S>(none)
                                              : t == 0             ? ConstMatrixRef<S>(initial.memory.leftCols(n))
                                                       : ConstMatrixRef<S>(cache.memory.middleCols(before, n));
    Cell<S>::forward(CellForward<S>{h, n, gates, kept_apart.middleCols(apart_at, n), hidden, previous_memory,
                                    cache.hidden.middleCols(at, n),
                                    memory.middleCols(Cell<S>::kHasMemory ? at : 0, n)});
  }
}

template <class S>
void RecurrentLayer<S>::forward(const Arena<S>& values, const Input& input, std::optional<Random> random,
                                double recurrent_dropout, RecurrentCache<S>& cache) const {
  begin(values, input, random, recurrent_dropout, cache);
  advance(values, input, Steps::all(input.packing), cache);
}

template <class S>
void RecurrentLayer<S>::begin(const Arena<S>& values, const Input& input, std::optional<Random> random,
                              double recurrent_dropout, RecurrentCache<S>& cache) const {
  const Index columns = input.packing.columns();
  cache.gates.resize(gate_rows(), columns);
  cache.hidden.resize(shape_.hidden, columns);
  cache.previous.resize(shape_.hidden, columns);
  cache.memory.resize(has_memory() ? shape_.hidden : 0, columns);
  if (separate()) cache.recurrent.resize(gate_rows(), columns);
  if (shape_.layer_norm) {
    cache.input_normalised.resize(gate_rows(), columns);
    cache.input_scale.resize(1, columns);
    cache.recurrent_normalised.resize(gate_rows(), columns);
    cache.recurrent_scale.resize(1, columns);
  }
  cache.recurrent_mask.resize(0, 0);
  if (random && recurrent_dropout > 0) {
    cache.recurrent_mask.resize(shape_.hidden, input.packing.sentences());
    fill_dropout_mask(*random, recurrent_dropout, cache.recurrent_mask);
  }
  if (shape_.constants > 0) {
    cache.constant.resize(gate_rows(), input.packing.sentences());
    if (!shape_.fed) {
      cache.constant = input.constant_product;
      if (!shape_.layer_norm) cache.constant.colwise() += values[bias_].col(0);
    }
  }
  if (input.column.empty()) return;
  cache.shared.resize(gate_rows(), input.x.cols());
  gemm<S>(values[input_weights_], input.x, S{0}, cache.shared);
}

template <class S>
void RecurrentLayer<S>::advance(const Arena<S>& values, const Input& input, Steps steps,
                                RecurrentCache<S>& cache) const {
  if (shape_.fed) {
    assert(steps.end == steps.begin + 1);
    const Index columns = steps.columns(input.packing);
    auto constant = cache.constant.leftCols(columns);
    gemm<S>(values[constant_weights_], input.constant.middleCols(steps.column(input.packing), columns), S{0}, constant);
    if (!shape_.layer_norm) constant.colwise() += values[bias_].col(0);
  }
  if (input.column.empty()) input_products(values, input, steps, cache);
  switch (shape_.cell) {
    case CellType::kTanh:
      return forward_steps<TanhCell>(values, input, steps, cache);
    case CellType::kGru:
      return forward_steps<GruCell>(values, input, steps, cache);
    case CellType::kLstm:
      return forward_steps<LstmCell>(values, input, steps, cache);
  }
}

template <class S>
template <template <class> class Cell>
void RecurrentLayer<S>::backward_steps(const Arena<S>& values, const Input& input, Steps steps,
                                       RecurrentCache<S>& cache, Gradients& gradients) const {
  const Packing& packing = input.packing;
  const Index h = shape_.hidden;
  const Buffer<S>& transposed = gradients.transposed;
  const InitialState initial = initial_state(input, cache);
  Buffer<S> none;
  none.resize(0, packing.sentences());
  for (auto t = static_cast<std::size_t>(steps.end); t-- > static_cast<std::size_t>(steps.begin);) {
    const Index n = packing.alive[t];
    const Index at = packing.offset[t];
    const Index before = t == 0 ? 0 : packing.offset[t - 1];
    auto gates = cache.gates.middleCols(at, n);
    auto d_hidden = gradients.d_hidden.leftCols(n);
    if (gradients.d_output.rows() > 0) d_hidden += gradients.d_output.middleCols(at, n);
    if (gradients.d_states != nullptr) gradients.d_states->middleCols(at, n) = d_hidden;
    const ConstMatrixRef<S> hidden =
        t == 0 ? ConstMatrixRef<S>(initial.hidden.leftCols(n)) : ConstMatrixRef<S>(cache.hidden.middleCols(before, n));
    const ConstMatrixRef<S> previous_memory = !Cell<S>::kHasMemory ? ConstMatrixRef<S>(none)
                                              : t == 0             ? ConstMatrixRef<S>(initial.memory.leftCols(n))
                                                       : ConstMatrixRef<S>(cache.memory.middleCols(before, n));
    Buffer<S>& kept_apart = Cell<S>::kSeparateRecurrent ? cache.recurrent : none;
    const Buffer<S>& memory = Cell<S>::kHasMemory ? cache.memory : none;
    MatrixRef<S> d_memory = Cell<S>::kHasMemory ? MatrixRef<S>(gradients.d_memory.leftCols(n)) : MatrixRef<S>(none);
    Cell<S>::backward(CellBackward<S>{h, n, gates, kept_apart.middleCols(Cell<S>::kSeparateRecurrent ? at : 0, n),
                                      hidden, previous_memory, memory.middleCols(Cell<S>::kHasMemory ? at : 0, n),
                                      d_hidden, d_memory});
    if (shape_.layer_norm) {
      auto recurrent = cache.recurrent.middleCols(at, n);
      if (Cell<S>::kSeparateRecurrent) {
        cache.d_recurrent_bias += recurrent.rowwise().sum();
      } else {
        recurrent = gates;
      }
      recurrent_norm_->backward(values, cache.recurrent_normalised.middleCols(at, n),
                                cache.recurrent_scale.middleCols(at, n), cache.d_recurrent_gain, recurrent);
    }
    if (!input.column.empty() && !shape_.layer_norm) scatter_shared(input, at, n, cache);
    if (t == 0 && starts_at_zero(input)) return;
    const ConstMatrixRef<S> delta =
        separate() ? ConstMatrixRef<S>(cache.recurrent.middleCols(at, n)) : ConstMatrixRef<S>(gates);
    if (cache.recurrent_mask.size() > 0) {
      auto through_mask = cache.previous_gradient.leftCols(n);
      gemm<S>(transposed, delta, S{0}, through_mask);
      d_hidden.array() += through_mask.array() * cache.recurrent_mask.leftCols(n).array();
    } else {
      gemm<S>(transposed, delta, S{1}, d_hidden);
    }
  }
}

template <class S>
void RecurrentLayer<S>::begin_backward(const Arena<S>& values, const Input& input, RecurrentCache<S>& cache,
                                       Gradients& gradients) const {
  gradients.transposed.resize(shape_.hidden, gate_rows());
  transpose<S>(values[recurrent_weights_], gradients.transposed);
  cache.previous_gradient.resize(shape_.hidden, input.packing.sentences());
  if (gradients.d_states != nullptr) gradients.d_states->resize(shape_.hidden, input.packing.columns());
  if (shape_.layer_norm) {
    cache.d_bias.setZero(gate_rows());
    cache.d_recurrent_bias.setZero(recurrent_bias_.valid() ? gate_rows() : 0);
    cache.d_input_gain.setZero(gate_rows());
    cache.d_recurrent_gain.setZero(gate_rows());
  }
  if (!input.column.empty()) cache.shared.setZero();
}

template <class S>
void RecurrentLayer<S>::retreat(const Arena<S>& values, const Input& input, Steps steps, RecurrentCache<S>& cache,
                                Gradients& gradients) const {
  switch (shape_.cell) {
    case CellType::kTanh:
      backward_steps<TanhCell>(values, input, steps, cache, gradients);
      break;
    case CellType::kGru:
      backward_steps<GruCell>(values, input, steps, cache, gradients);
      break;
    case CellType::kLstm:
      backward_steps<LstmCell>(values, input, steps, cache, gradients);
      break;
  }
  const Index at = steps.column(input.packing);
  const Index columns = steps.columns(input.packing);
  auto gates = cache.gates.middleCols(at, columns);
  if (shape_.layer_norm) {
    cache.d_bias += gates.rowwise().sum();
    input_norm_->backward(values, cache.input_normalised.middleCols(at, columns),
                          cache.input_scale.middleCols(at, columns), cache.d_input_gain, gates);
    if (!input.column.empty()) scatter_shared(input, at, columns, cache);
  }
  if (input.column.empty()) {
    gemm<S>(Op::kTranspose, Op::kNone, values[input_weights_], gates, S{1}, gradients.d_x.middleCols(at, columns));
  }
  if (shape_.fed) {
    gemm<S>(Op::kTranspose, Op::kNone, values[constant_weights_], gates, S{1},
            gradients.d_constant.middleCols(at, columns));
  }
}

template <class S>
void RecurrentLayer<S>::finish_backward(const Arena<S>& values, const Input& input, RecurrentCache<S>& cache,
                                        GradientTerms<S>& terms, Gradients& gradients) const {
  const Packing& packing = input.packing;
  const Buffer<S>& recurrent = separate() ? cache.recurrent : cache.gates;
  // A state of zero before the first token adds nothing.
  const Index steps_after = packing.columns() - (starts_at_zero(input) ? packing.sentences() : 0);
  if (steps_after > 0) {
    terms.product(recurrent_weights_, recurrent.rightCols(steps_after), cache.previous.rightCols(steps_after));
  }
  if (recurrent_bias_.valid()) {
    if (!shape_.layer_norm) cache.d_recurrent_bias = recurrent.rowwise().sum();
    terms.matrix(recurrent_bias_, cache.d_recurrent_bias);
  }
  const Buffer<S>& delta = input.column.empty() ? cache.gates : cache.shared;
  if (!shape_.layer_norm) cache.d_bias = delta.rowwise().sum();
  terms.matrix(bias_, cache.d_bias);
  if (shape_.layer_norm) {
    terms.matrix(input_norm_->gain(), cache.d_input_gain);
    terms.matrix(recurrent_norm_->gain(), cache.d_recurrent_gain);
  }
  terms.product(input_weights_, delta, input.x);
  if (!input.column.empty()) {
    gemm<S>(Op::kTranspose, Op::kNone, values[input_weights_], delta, S{1}, gradients.d_x);
  }
  if (shape_.fed) {
    terms.product(constant_weights_, cache.gates, input.constant);
  } else if (shape_.constants > 0) {
    cache.constant.setZero();
    for (std::size_t t = 0; t < packing.alive.size(); ++t) {
      cache.constant.leftCols(packing.alive[t]) += cache.gates.middleCols(packing.offset[t], packing.alive[t]);
    }
    terms.product(constant_weights_, cache.constant, input.constant);
    gemm<S>(Op::kTranspose, Op::kNone, values[constant_weights_], cache.constant, S{1}, gradients.d_constant);
  }
}

template <class S>
void RecurrentLayer<S>::backward(const Arena<S>& values, const Input& input, RecurrentCache<S>& cache,
                                 GradientTerms<S>& terms, Gradients& gradients) const {
  begin_backward(values, input, cache, gradients);
  retreat(values, input, Steps::all(input.packing), cache, gradients);
  finish_backward(values, input, cache, terms, gradients);
}

template <class S>
void RecurrentLayer<S>::input_gradients(const Arena<S>& values, const RecurrentCache<S>& cache, Buffer<S>& d_x) const {
  d_x.resize(shape_.inputs, cache.gates.cols());
  gemm<S>(Op::kTranspose, Op::kNone, values[input_weights_], cache.gates, S{0}, d_x);
}

template <class S>
Index RecurrentLayer<S>::cache_size(const CacheShape& shape) const {
  const Index h = shape_.hidden;
  const Index gates = gate_rows();
  Index of_column = gates + 2 * h;  // gates, hidden, previous
  if (has_memory()) of_column += h;
  if (separate()) of_column += gates;
  if (shape_.layer_norm) of_column += 2 * (gates + 1);
  Index of_sentence = h;  // previous_gradient
  if (shape.recurrent_dropout) of_sentence += h;
  if (shape.zero_start) of_sentence += h;
  if (shape_.constants > 0) of_sentence += gates;
  return of_column * shape.columns + of_sentence * shape.sentences + gates * shape.shared;
}

template <class S>
void RecurrentLayer<S>::final_state(const Packing& packing, const RecurrentCache<S>& cache, MatrixRef<S> hidden,
                                    MatrixRef<S> memory) const {
  for (Index b = 0; b < packing.sentences(); ++b) {
    const Index last = packing.last_column(b);
    hidden.col(b) = cache.hidden.col(last);
    if (has_memory()) memory.col(b) = cache.memory.col(last);
  }
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;

}  // namespace isthmus
