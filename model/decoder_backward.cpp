// The decoder's way back.
#include "model/decoder.h"
#include "model/dropout.h"

namespace isthmus {

template <class S>
typename RecurrentLayer<S>::Gradients Decoder<S>::layer_gradients(std::size_t layer, DecoderCache<S>& cache,
                                                                  Buffer<S>& transposed) const {
  DecoderLayerCache<S>& kept = cache.layers[layer];
  const bool top = layer + 1 == layers_.size();
  const Buffer<S>& d_output = !top ? cache.layers[layer + 1].d_x : readout_ ? cache.d_output : cache.d_readout;
  Buffer<S>& d_constant = attends_before()         ? cache.attention.d_contexts
                          : options_.input_feeding ? cache.d_fed
                                                   : cache.d_context_hidden;
  return {d_output, kept.d_hidden, kept.d_memory, kept.d_x, d_constant, stepwise() ? kept.transposed : transposed};
}

template <class S>
void Decoder<S>::retreat_readout(const Arena<S>& values, const Input& input, Steps steps,
                                 DecoderCache<S>& cache) const {
  const Packing& packing = input.target.packing;
  const Index at = steps.column(packing);
  const Index columns = steps.columns(packing);
  auto delta = cache.d_readout.middleCols(at, columns);
  delta.array() *= S{1} - cache.readout.middleCols(at, columns).array().square();
  auto d_output = cache.d_output.middleCols(at, columns);
  readout_->backward_input(values, delta, S{0}, d_output);
  if (!attention_) return;
  readout_context_->backward_input(values, delta, S{0}, cache.attention.d_contexts.middleCols(at, columns));
  if (attends_before()) return;
  attention_->backward(values, packing, steps, cache.output.middleCols(at, columns), *input.attended, cache.attention,
                       d_output);
}

template <class S>
void Decoder<S>::retreat(const Arena<S>& values, const Input& input, Steps steps, DecoderCache<S>& cache,
                         const Results& results) const {
  const Packing& packing = input.target.packing;
  const Index at = steps.column(packing);
  const Index columns = steps.columns(packing);
  const auto drop = [&](const Buffer<S>& mask, Buffer<S>& gradient) {
    if (mask.size() > 0) gradient.middleCols(at, columns).array() *= mask.middleCols(at, columns).array();
  };
  if (readout_) retreat_readout(values, input, steps, cache);
  drop(cache.output_mask, readout_ ? cache.d_output : cache.d_readout);
  for (std::size_t i = layers_.size(); i-- > 0;) {
    DecoderLayerCache<S>& kept = cache.layers[i];
    auto gradients = layer_gradients(i, cache, results.transposed);
    const auto layer = layer_input(i, packing, cache.start, input.context, cache);
    if (steps.end == packing.steps()) layers_[i].begin_backward(values, layer, kept.recurrent, gradients);
    layers_[i].retreat(values, layer, steps, kept.recurrent, gradients);
    if (i > 0) drop(kept.mask, kept.d_x);
  }
  if (attends_before()) {
    attention_->backward(values, packing, steps, top_before(steps.begin, packing, cache.start, cache), *input.attended,
                         cache.attention, cache.layers.back().d_hidden.leftCols(columns));
  }
  if (options_.input_feeding && steps.begin > 0) {
    const Index before = packing.offset[static_cast<std::size_t>(steps.begin - 1)];
    cache.d_readout.middleCols(before, columns) += cache.d_fed.middleCols(at, columns);
  }
}

template <class S>
void Decoder<S>::finish_readout(const Arena<S>& values, const Input& input, DecoderCache<S>& cache,
                                GradientTerms<S>& terms) const {
  const Packing& packing = input.target.packing;
  readout_->backward_parameters(cache.output, cache.d_readout, terms);
  if (attention_) {
    readout_context_->backward_parameters(cache.attention.contexts, cache.d_readout, terms);
    attention_->finish_backward(cache.attention, terms);
  }
  if (!every_step()) return;
  cache.d_readout_constant.setZero(options_.embedding, packing.sentences());
  for (std::size_t t = 0; t < packing.alive.size(); ++t) {
    cache.d_readout_constant.leftCols(packing.alive[t]) +=
        cache.d_readout.middleCols(packing.offset[t], packing.alive[t]);
  }
  readout_context_->backward(values, top_hidden(input.context), cache.d_readout_constant, terms, S{0},
                             cache.d_context_hidden);
}

template <class S>
void Decoder<S>::backward(const Arena<S>& values, const Input& input, DecoderCache<S>& cache,
                          const Results& results) const {
  GradientTerms<S>& terms = *results.terms;
  const Packing& packing = input.target.packing;
  const Index h = options_.hidden;
  const Index memory_rows = cache.start.rnn.memory.rows() > 0 ? h : 0;
  if (readout_) cache.d_output.resize(h, packing.columns());
  cache.d_context_hidden.setZero(every_step() ? h : 0, packing.sentences());
  if (attention_) attention_->begin_backward(*input.attended, cache.attention);
  if (options_.input_feeding) cache.d_fed.setZero(options_.embedding, packing.columns());
  for (DecoderLayerCache<S>& kept : cache.layers) {
    kept.d_x.setZero(kept.x.rows(), kept.x.cols());
    kept.d_hidden.setZero(h, packing.sentences());
    kept.d_memory.setZero(memory_rows, packing.sentences());
  }
  if (stepwise()) {
    for (Index t = packing.steps(); t-- > 0;) retreat(values, input, {t, t + 1}, cache, results);
  } else {
    retreat(values, input, Steps::all(packing), cache, results);
  }
  if (readout_) finish_readout(values, input, cache, terms);
  cache.d_start.hidden.resize(cache.start.rnn.hidden.rows(), packing.sentences());
  cache.d_start.memory.resize(cache.start.rnn.memory.rows(), packing.sentences());
  for (std::size_t i = layers_.size(); i-- > 0;) {
    DecoderLayerCache<S>& kept = cache.layers[i];
    auto gradients = layer_gradients(i, cache, results.transposed);
    layers_[i].finish_backward(values, layer_input(i, packing, cache.start, input.context, cache), kept.recurrent,
                               terms, gradients);
    const Index row = static_cast<Index>(i) * h;
    cache.d_start.hidden.middleRows(row, h) = kept.d_hidden;
    if (memory_rows > 0) cache.d_start.memory.middleRows(row, h) = kept.d_memory;
  }
  DecoderLayerCache<S>& first = cache.layers.front();
  dropout_backward<S>(first.mask, first.d_x);
  embedding_->backward(cache.previous.ids, first.d_x, terms);
  bridge_.backward(values, input.context, cache.start.rnn, cache.d_start, terms, results.d_context);
  if (every_step()) results.d_context.hidden.bottomRows(h) += cache.d_context_hidden;
}

template void Decoder<float>::backward(const Arena<float>&, const Input&, DecoderCache<float>&, const Results&) const;
template void Decoder<double>::backward(const Arena<double>&, const Input&, DecoderCache<double>&,
                                        const Results&) const;
}  // namespace isthmus
