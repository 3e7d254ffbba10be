#include "model/output_layer.h"

#include <cmath>

#include "model/gemm.h"

namespace isthmus {

LossSum& LossSum::operator+=(const LossSum& other) {
  loss += other.loss;
  nll += other.nll;
  tokens += other.tokens;
  correct += other.correct;
  return *this;
}

template <class S>
OutputLayer<S>::OutputLayer(Layout& layout, const std::string& name, Index inputs, Index vocabulary)
    : weights_(layout.add(
          {.name = name + ".weights", .rows = inputs, .columns = vocabulary, .initialiser = Initialiser::kGlorot})),
      bias_(layout.add({.name = name + ".bias", .rows = vocabulary, .columns = 1})),
      vocabulary_(vocabulary) {}

template <class S>
OutputLayer<S>::OutputLayer(Layout& layout, const std::string& name, TensorId table)
    : weights_(table),
      bias_(layout.add({.name = name + ".bias", .rows = layout[table].columns, .columns = 1})),
      vocabulary_(layout[table].columns) {}

template <class S>
LossSum OutputLayer<S>::loss(const Arena<S>& values, const Matrix<S>& x, const Targets& targets,
                             Results results) const {
  const auto weights = values[weights_];
  const auto bias = values[bias_].col(0);
  const S smoothing = static_cast<S>(targets.label_smoothing);
  const S spread = smoothing / static_cast<S>(vocabulary_);
  results.token_log_probs.resize(x.cols());
  if (results.grads != nullptr) results.d_x->resize(x.rows(), x.cols());
  LossSum sum;
  sum.tokens = x.cols();
  for (Index begin = 0; begin < x.cols(); begin += kChunk) {
    const Index columns = std::min(kChunk, x.cols() - begin);
    if (results.logits.cols() < columns || results.logits.rows() != vocabulary_) {
      results.logits.resize(vocabulary_, std::min(kChunk, x.cols()));
    }
    auto logits = results.logits.leftCols(columns);
    gemm<S>(Op::kTranspose, Op::kNone, weights, x.middleCols(begin, columns), S{0}, logits);
    for (Index j = 0; j < columns; ++j) {
      auto column = logits.col(j).array();
      column += bias.array();
      const TokenId y = targets.tokens[static_cast<std::size_t>(begin + j)];
      const S w = targets.weights[static_cast<std::size_t>(begin + j)];
      const S largest = column.maxCoeff();
      const S target = column(y);
      const S mean = smoothing > 0 ? column.mean() : S{0};
      column = (column - largest).exp();
      const S total = column.sum();
      const S log_total = largest + std::log(total);
      const S log_p = target - log_total;
      results.token_log_probs(begin + j) = log_p;
      sum.nll -= static_cast<double>(log_p);
      sum.loss -= static_cast<double>(w) * static_cast<double>((S{1} - smoothing) * log_p +
                                                               (smoothing > 0 ? smoothing * (mean - log_total) : S{0}));
      sum.correct += target == largest;
      if (results.grads != nullptr) {
        column = column * (w / total) - w * spread;
        column(y) -= w * (S{1} - smoothing);
      }
    }
    if (results.grads != nullptr) {
      gemm<S>(weights, logits, S{0}, results.d_x->middleCols(begin, columns));
      gemm<S>(Op::kNone, Op::kTranspose, x.middleCols(begin, columns), logits, S{1}, (*results.grads)[weights_]);
      (*results.grads)[bias_] += logits.rowwise().sum();
    }
  }
  return sum;
}

template <class S>
void OutputLayer<S>::log_probs(const Arena<S>& values, const Matrix<S>& weight_rows, ConstMatrixRef<S> x,
                               Matrix<S>& log_probs) const {
  log_probs.resize(vocabulary_, x.cols());
  gemm<S>(weight_rows, x, S{0}, log_probs);
  const auto bias = values[bias_].col(0);
  for (Index j = 0; j < x.cols(); ++j) {
    auto column = log_probs.col(j).array();
    column += bias.array();
    const S largest = column.maxCoeff();
    column -= largest + std::log((column - largest).exp().sum());
  }
}

template class OutputLayer<float>;
template class OutputLayer<double>;

}  // namespace isthmus
