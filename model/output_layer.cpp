#include "model/output_layer.h"

#include <cmath>

#include "model/activation.h"
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
void OutputLayer<S>::softmax(const Arena<S>& values, const Targets& targets, Index begin, MatrixRef<S> logits,
                             Vector<S>* d_bias, Vector<S>& token_log_probs, LossSum& sum) const {
  const auto bias = values[bias_].col(0).array();
  const S smoothing = static_cast<S>(targets.label_smoothing);
  const S spread = smoothing / static_cast<S>(vocabulary_);
  for (Index j = 0; j < logits.cols(); ++j) {
    auto column = logits.col(j).array();
    column += bias;
    const TokenId y = targets.tokens[static_cast<std::size_t>(begin + j)];
    const S w = targets.weights[static_cast<std::size_t>(begin + j)];
    const S largest = column.maxCoeff();
    const S target = column(y);
    const S mean = smoothing > 0 ? sum_of(column) / static_cast<S>(vocabulary_) : S{0};
    assign_pointwise(column, (column - largest).exp());
    const S total = sum_of(column);
    const S log_total = largest + std::log(total);
    const S log_p = target - log_total;
    token_log_probs(begin + j) = log_p;
    sum.nll -= static_cast<double>(log_p);
    sum.loss -= static_cast<double>(w) * static_cast<double>((S{1} - smoothing) * log_p +
                                                             (smoothing > 0 ? smoothing * (mean - log_total) : S{0}));
    sum.correct += target == largest;
    if (d_bias != nullptr) {
      column = column * (w / total) - w * spread;
      column(y) -= w * (S{1} - smoothing);
      d_bias->array() += column;  // while the column is in the cache
    }
  }
}

template <class S>
Index OutputLayer<S>::chunk_width(Index columns, Index most) {
  const Index chunks = std::max<Index>(1, (columns + most - 1) / most);
  return (columns + chunks - 1) / chunks;
}

template <class S>
Index OutputLayer<S>::cache_size(Index columns, Index inputs) const {
  if (columns <= undivided(inputs)) return vocabulary_ * columns;
  return vocabulary_ * (undivided(inputs) + inputs);  // smaller batches have been there
}

template <class S>
LossSum OutputLayer<S>::loss(const Arena<S>& values, ConstMatrixRef<S> x, const Targets& targets, OutputCache<S>& cache,
                             Results results) const {
  const auto weights = values[weights_];
  const bool train = results.terms != nullptr;
  const Index most = cache.chunk > 0 ? cache.chunk : chunk();
  const bool undivided = train && cache.chunk == 0 && x.cols() <= this->undivided(x.rows());
  const Index width = undivided ? x.cols() : chunk_width(x.cols(), most);
  const bool several = width < x.cols();
  results.token_log_probs.resize(x.cols());
  cache.logits.resize(vocabulary_, width);
  if (train) {
    results.d_x->resize(x.rows(), x.cols());
    cache.d_bias.setZero(vocabulary_);
    results.terms->matrix(bias_, cache.d_bias);
  }
  LossSum sum;
  sum.tokens = x.cols();
  for (Index begin = 0; begin < x.cols(); begin += width) {
    const Index columns = std::min(width, x.cols() - begin);
    const auto part = x.middleCols(begin, columns);
    auto logits = cache.logits.leftCols(columns);
    gemm<S>(Op::kTranspose, Op::kNone, weights, part, S{0}, logits);
    softmax(values, targets, begin, logits, train ? &cache.d_bias : nullptr, results.token_log_probs, sum);
    if (!train) continue;
    gemm<S>(weights, logits, S{0}, results.d_x->middleCols(begin, columns));
    if (several) {
      if (begin == 0) cache.d_weights.resize(weights.rows(), weights.cols());
      gemm<S>(Op::kNone, Op::kTranspose, part, logits, S(begin > 0), cache.d_weights);
    } else {
      results.terms->product(weights_, part, logits);
    }
  }
  if (train && several) results.terms->matrix(weights_, cache.d_weights);
  return sum;
}

template <class S>
void OutputLayer<S>::score(const Arena<S>& values, const Matrix<S>& weight_rows, ConstMatrixRef<S> x,
                           TokenScores<S>& scores) const {
  scores.resize(vocabulary_, x.cols());
  gemm<S>(weight_rows, x, S{0}, scores.logits);
  const auto bias = values[bias_].col(0);
  for (Index j = 0; j < x.cols(); ++j) {
    scores.logits.col(j) += bias;
    scores.normalise(j);
  }
}

template class OutputLayer<float>;
template class OutputLayer<double>;

}  // namespace isthmus
