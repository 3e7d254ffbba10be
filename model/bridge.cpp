#include "model/bridge.h"

#include "model/activation.h"

#include <fmt/format.h>

namespace isthmus {

template <class S>
Bridge<S>::Bridge(Layout& layout, const ModelOptions& options) : type_(options.bridge), hidden_size_(options.hidden) {
  if (type_ != BridgeType::kDense) return;
  for (std::int64_t i = 0; i < options.layers; ++i) {
    hidden_.emplace_back(layout, fmt::format("bridge.{}.hidden", i), hidden_size_, hidden_size_);
    if (options.cell == CellType::kLstm) {
      memory_.emplace_back(layout, fmt::format("bridge.{}.memory", i), hidden_size_, hidden_size_);
    }
  }
}

template <class S>
void Bridge<S>::forward(const Arena<S>& values, const RnnState<S>& context, RnnState<S>& initial) const {
  if (type_ == BridgeType::kCopy) {
    initial = context;
    return;
  }
  initial.hidden.setZero(context.hidden.rows(), context.hidden.cols());
  initial.memory.setZero(context.memory.rows(), context.memory.cols());
  for (std::size_t i = 0; i < hidden_.size(); ++i) {
    const Index row = static_cast<Index>(i) * hidden_size_;
    auto hidden = initial.hidden.middleRows(row, hidden_size_);
    hidden_[i].forward(values, context.hidden.middleRows(row, hidden_size_), hidden);
    tanh_in_place(hidden);
    if (memory_.empty()) continue;
    memory_[i].forward(values, context.memory.middleRows(row, hidden_size_),
                       initial.memory.middleRows(row, hidden_size_));
  }
}

template <class S>
void Bridge<S>::backward(const Arena<S>& values, const RnnState<S>& context, const RnnState<S>& initial,
                         RnnState<S>& d_initial, GradientTerms<S>& terms, RnnState<S>& d_context) const {
  if (type_ == BridgeType::kCopy) {
    d_context = d_initial;
    return;
  }
  d_context.hidden.setZero(context.hidden.rows(), context.hidden.cols());
  d_context.memory.setZero(context.memory.rows(), context.memory.cols());
  for (std::size_t i = 0; i < hidden_.size(); ++i) {
    const Index row = static_cast<Index>(i) * hidden_size_;
    auto d_hidden = d_initial.hidden.middleRows(row, hidden_size_);
    d_hidden.array() *= S{1} - initial.hidden.middleRows(row, hidden_size_).array().square();
    hidden_[i].backward(values, context.hidden.middleRows(row, hidden_size_), d_hidden, terms, S{0},
                        d_context.hidden.middleRows(row, hidden_size_));
    if (memory_.empty()) continue;
    memory_[i].backward(values, context.memory.middleRows(row, hidden_size_),
                        d_initial.memory.middleRows(row, hidden_size_), terms, S{0},
                        d_context.memory.middleRows(row, hidden_size_));
  }
}

template class Bridge<float>;
template class Bridge<double>;

}  // namespace isthmus
