#include "model/attention.h"

#include "model/activation.h"
#include "model/dropout.h"
#include "model/encoder.h"

namespace isthmus {
namespace {

/// Adds factor·x to a column, to the same bits at any address.
template <class Column, class Other, class S>
void add_scaled(Column&& column, S factor, const Other& x) {
  auto array = column.array();
  assign_pointwise(array, array + factor * x.array());
}

/// e becomes softmax(e).
template <class S>
void softmax_in_place(Vector<S>& e) {
  auto array = e.array();
  const S highest = e.maxCoeff();
  assign_pointwise(array, (array - highest).exp());
  const S total = sum_of(array);
  assign_pointwise(array, array / total);
}

}  // namespace

template <class S>
Attention<S>::Attention(Layout& layout, const ModelOptions& options)
    : hidden_(options.hidden),
      dropout_(options.effective_output_dropout()),
      additive_(options.attention == AttentionType::kBahdanau) {
  if (additive_) {
    query_.emplace(layout, "attention.query", hidden_, hidden_, /*bias=*/false);
    key_.emplace(layout, "attention.key", hidden_, hidden_);
    combination_ = layout.add(
        {.name = "attention.combination", .rows = hidden_, .columns = 1, .initialiser = Initialiser::kGlorot});
  } else if (options.attention_score == AttentionScore::kGeneral) {
    key_.emplace(layout, "attention.key", hidden_, hidden_, /*bias=*/false);
  }
}

template <class S>
void Attention<S>::make_keys(const Arena<S>& values, ConstMatrixRef<S> annotations, Matrix<S>& keys) const {
  keys.resize(key_ ? hidden_ : 0, annotations.cols());
  if (key_) key_->forward(values, annotations, keys);
}

template <class S>
void Attention<S>::read(const Arena<S>& values, const Packing& packing, ConstMatrixRef<S> outputs,
                        std::optional<Random> dropout, AttendedBatch<S>& batch) const {
  batch.begin.assign(1, 0);
  batch.packed.clear();
  for (Index b = 0; b < packing.sentences(); ++b) {
    const Index length = packing.length(b);
    for (Index t = 0; t < length; ++t) batch.packed.push_back(packing.offset[static_cast<std::size_t>(t)] + b);
    batch.begin.push_back(batch.begin.back() + length);
  }
  batch.annotations.resize(hidden_, packing.columns());
  gather_columns<S>(outputs, batch.packed, batch.annotations);
  apply_dropout<S>(dropout.value_or(Random()), dropout ? dropout_ : 0.0, batch.annotations, batch.mask);
  batch.keys.resize(key_ ? hidden_ : 0, packing.columns());
  if (key_) key_->forward(values, batch.annotations, batch.keys);
}

template <class S>
void Attention<S>::read_backward(const Arena<S>& values, AttendedBatch<S>& batch, GradientTerms<S>& terms) const {
  if (key_) key_->backward(values, batch.annotations, batch.d_keys, terms, S{1}, batch.d_annotations);
  dropout_backward<S>(batch.mask, batch.d_annotations);
  batch.d_outputs.resize(hidden_, batch.d_annotations.cols());
  scatter_columns<S>(batch.d_annotations, batch.packed, batch.d_outputs);
}

template <class S>
void Attention<S>::begin(const Packing& packing, AttentionCache<S>& cache) const {
  cache.contexts.resize(hidden_, packing.columns());
  if (additive_) {
    cache.state.resize(hidden_, packing.columns());
    cache.query.resize(hidden_, packing.columns());
  }
}

template <class S>
void Attention<S>::weigh(const Arena<S>& values, const AttendedView<S>& source, const S* query,
                         AttentionCache<S>& cache) const {
  const Index length = source.annotations.cols();
  const auto& keys = key_ ? source.keys : source.annotations;
  const auto q = ConstColumn(query, hidden_).array();
  cache.weights.resize(length);
  if (additive_) {
    const auto v = values[combination_].col(0).array();
    cache.units.resize(hidden_, length);
    for (Index s = 0; s < length; ++s) {
      auto unit = cache.units.col(s).array();
      assign_pointwise(unit, (q + keys.col(s).array()).tanh());
      cache.weights(s) = sum_of(v * unit);
    }
  } else {
    for (Index s = 0; s < length; ++s) cache.weights(s) = sum_of(q * keys.col(s).array());
  }
  softmax_in_place(cache.weights);
}

template <class S>
void Attention<S>::forward(const Arena<S>& values, const Packing& packing, Steps steps, ConstMatrixRef<S> states,
                           AttentionCache<S>& cache) const {
  const Index first = steps.column(packing);
  const Index columns = steps.columns(packing);
  if (additive_) {
    cache.state.middleCols(first, columns) = states;
    query_->forward(values, states, cache.query.middleCols(first, columns));
  }
  // Sentence by sentence, whose keys then stay in the processor's cache.
  for (Index b = 0; b < packing.alive[static_cast<std::size_t>(steps.begin)]; ++b) {
    const AttendedView<S>& source = source_of(cache, b);
    for (auto t = static_cast<std::size_t>(steps.begin); t < static_cast<std::size_t>(steps.end); ++t) {
      if (packing.alive[t] <= b) break;
      const Index column = packing.offset[t] + b;
      weigh(values, source, additive_ ? cache.query.col(column).data() : states.col(column - first).data(), cache);
      auto context = cache.contexts.col(column);
      context.setZero();
      for (Index s = 0; s < cache.weights.size(); ++s) {
        add_scaled(context, cache.weights(s), source.annotations.col(s));
      }
    }
  }
}

template <class S>
void Attention<S>::begin_backward(AttendedBatch<S>& batch, AttentionCache<S>& cache) const {
  batch.d_annotations.setZero(hidden_, batch.annotations.cols());
  batch.d_keys.setZero(batch.keys.rows(), batch.keys.cols());
  cache.d_contexts.resize(hidden_, cache.contexts.cols());
  if (!additive_) return;
  cache.d_query.resize(hidden_, cache.contexts.cols());
  cache.d_combination.setZero(hidden_);
}

template <class S>
void Attention<S>::backward_column(const Arena<S>& values, const AttendedView<S>& source, const S* query,
                                   const S* d_context, S* d_query, MatrixRef<S> d_annotations, MatrixRef<S> d_keys,
                                   AttentionCache<S>& cache) const {
  weigh(values, source, query, cache);
  const Vector<S>& alpha = cache.weights;
  Vector<S>& d_scores = cache.d_scores;
  const ConstColumn q(query, hidden_);
  const ConstColumn dc(d_context, hidden_);
  Eigen::Map<Vector<S>> dq(d_query, hidden_);
  d_scores.resize(alpha.size());
  for (Index s = 0; s < alpha.size(); ++s) {
    d_scores(s) = sum_of(dc.array() * source.annotations.col(s).array());
    add_scaled(d_annotations.col(s), alpha(s), dc);
  }
  const S mean = sum_of(alpha.array() * d_scores.array());
  d_scores.array() = alpha.array() * (d_scores.array() - mean);
  for (Index s = 0; s < alpha.size(); ++s) {
    if (additive_) {
      auto unit = cache.units.col(s).array();
      add_scaled(cache.d_combination, d_scores(s), unit.matrix());
      unit = d_scores(s) * values[combination_].col(0).array() * (S{1} - unit.square());
      d_keys.col(s).array() += unit;
      dq.array() += unit;
    } else {
      const auto& keys = key_ ? source.keys : source.annotations;
      add_scaled(key_ ? d_keys.col(s) : d_annotations.col(s), d_scores(s), q);
      add_scaled(dq, d_scores(s), keys.col(s));
    }
  }
}

template <class S>
void Attention<S>::backward(const Arena<S>& values, const Packing& packing, Steps steps, ConstMatrixRef<S> states,
                            AttendedBatch<S>& batch, AttentionCache<S>& cache, MatrixRef<S> d_states) const {
  const Index first = steps.column(packing);
  const Index columns = steps.columns(packing);
  if (additive_) cache.d_query.middleCols(first, columns).setZero();
  for (Index b = 0; b < packing.alive[static_cast<std::size_t>(steps.begin)]; ++b) {
    const AttendedView<S>& source = source_of(cache, b);
    const Index begin = batch.begin[static_cast<std::size_t>(cache.source[static_cast<std::size_t>(b)])];
    const Index length = source.annotations.cols();
    for (auto t = static_cast<std::size_t>(steps.begin); t < static_cast<std::size_t>(steps.end); ++t) {
      if (packing.alive[t] <= b) break;
      const Index column = packing.offset[t] + b;
      backward_column(values, source, additive_ ? cache.query.col(column).data() : states.col(column - first).data(),
                      cache.d_contexts.col(column).data(),
                      additive_ ? cache.d_query.col(column).data() : d_states.col(column - first).data(),
                      batch.d_annotations.middleCols(begin, length), batch.d_keys.middleCols(begin, length), cache);
    }
  }
  if (additive_) query_->backward_input(values, cache.d_query.middleCols(first, columns), S{1}, d_states);
}

template <class S>
void Attention<S>::finish_backward(AttentionCache<S>& cache, GradientTerms<S>& terms) const {
  if (!additive_) return;
  query_->backward_parameters(cache.state, cache.d_query, terms);
  terms.matrix(combination_, cache.d_combination);
}

template <class S>
Index Attention<S>::batch_size(Index columns) const {
  const Index kept = (dropout_ > 0 ? 4 : 3) + (key_ ? 2 : 0);  // annotations, gradients, outputs', mask; keys
  return kept * hidden_ * columns;
}

template <class S>
Index Attention<S>::cache_size(Index columns) const {
  return (additive_ ? 5 : 2) * hidden_ * columns;  // contexts and gradients; states, queries and gradients
}

template class Attention<float>;
template class Attention<double>;

}  // namespace isthmus
