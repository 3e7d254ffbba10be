#include "model/decoder.h"

#include <fmt/format.h>

#include "model/activation.h"
#include "model/dropout.h"
#include "model/encoder.h"

namespace isthmus {

template <class S>
void DecoderState<S>::select(const std::vector<Index>& parents) {
  for (Matrix<S>* matrix : {&rnn.hidden, &rnn.memory, &gate_constant, &readout_constant}) {
    Matrix<S> columns(matrix->rows(), static_cast<Index>(parents.size()));
    gather_columns<S>(*matrix, parents, columns);
    matrix->swap(columns);
  }
}

template <class S>
void DecoderState<S>::append(const DecoderState& other) {
  const auto join = [](Matrix<S>& left, const Matrix<S>& right) {
    Matrix<S> both(left.rows(), left.cols() + right.cols());
    both.leftCols(left.cols()) = left;
    both.rightCols(right.cols()) = right;
    left.swap(both);
  };
  join(rnn.hidden, other.rnn.hidden);
  join(rnn.memory, other.rnn.memory);
  join(gate_constant, other.gate_constant);
  join(readout_constant, other.readout_constant);
}

template <class S>
Decoder<S>::Decoder(Layout& layout, const ModelOptions& options, TensorId source_table)
    : options_(options), bridge_(layout, options) {
  if (options.tied_embeddings == TiedEmbeddings::kAll) {
    embedding_.emplace(layout, source_table);
  } else {
    embedding_.emplace(layout, "decoder.embedding", options.embedding, options.target_vocabulary);
  }
  RecurrentShape shape{.cell = options.cell,
                       .inputs = options.embedding,
                       .hidden = options.hidden,
                       .constants = every_step() ? options.hidden : 0,
                       .layer_norm = options.layer_norm,
                       .orthogonal = options.orthogonal,
                       .forget_bias = options.forget_bias};
  for (std::int64_t i = 0; i < options.layers; ++i) {
    layers_.emplace_back(layout, fmt::format("decoder.{}", i), shape);
    shape.inputs = options.hidden;
    shape.constants = 0;
  }
  const bool tied = options.tied_embeddings != TiedEmbeddings::kNone;
  if (every_step() || (tied && options.embedding != options.hidden)) {
    readout_.emplace(layout, "readout", options.embedding, options.hidden);
    if (every_step()) {
      readout_context_.emplace(layout, "readout.context", options.embedding, options.hidden, /*bias=*/false);
    }
  }
  if (tied) {
    output_.emplace(layout, "output", embedding_->table());
  } else {
    output_.emplace(layout, "output", readout_ ? options.embedding : options.hidden, options.target_vocabulary);
  }
}

template <class S>
void Decoder<S>::start(const Arena<S>& values, const RnnState<S>& context, DecoderState<S>& state) const {
  bridge_.forward(values, context, state.rnn);
  const Index columns = context.hidden.cols();
  state.gate_constant.resize(0, columns);
  state.readout_constant.resize(0, columns);
  if (!every_step()) return;
  layers_[0].constant_product(values, top_hidden(context), state.gate_constant);
  state.readout_constant.resize(options_.embedding, columns);
  readout_context_->forward(values, top_hidden(context), state.readout_constant);
}

template <class S>
typename RecurrentLayer<S>::Input Decoder<S>::layer_input(std::size_t layer, const Packing& packing,
                                                          const DecoderState<S>& state, const RnnState<S>& context,
                                                          const DecoderCache<S>& cache) const {
  const Index h = options_.hidden;
  const Index row = static_cast<Index>(layer) * h;
  const bool memory = state.rnn.memory.rows() > 0;
  const bool constant = layer == 0 && every_step();
  return {cache.layers[layer].x,
          layer == 0 ? std::span<const Index>(cache.previous.column) : std::span<const Index>(),
          packing,
          state.rnn.hidden.middleRows(row, h),
          state.rnn.memory.middleRows(memory ? row : 0, memory ? h : 0),
          context.hidden.bottomRows(constant ? std::min(h, context.hidden.rows()) : 0),
          state.gate_constant.topRows(constant ? state.gate_constant.rows() : 0)};
}

template <class S>
void Decoder<S>::run_layers(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                            const RnnState<S>& context, std::optional<Random> dropout, DecoderCache<S>& cache) const {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    DecoderLayerCache<S>& kept = cache.layers[i];
    if (i > 0) kept.x = cache.layers[i - 1].recurrent.hidden;
    const auto stream = [&](std::uint64_t n) {
      return dropout ? std::optional<Random>(dropout->split(2 * i + n)) : std::nullopt;
    };
    apply_dropout<S>(dropout ? *stream(0) : Random(), dropout ? options_.effective_input_dropout() : 0.0, kept.x,
                     kept.mask);
    layers_[i].forward(values, layer_input(i, packing, state, context, cache), stream(1), options_.recurrent_dropout,
                       kept.recurrent);
  }
  cache.output = cache.layers.back().recurrent.hidden;
  apply_dropout<S>(dropout ? dropout->split(2 * layers_.size()) : Random(),
                   dropout ? options_.effective_output_dropout() : 0.0, cache.output, cache.output_mask);
  if (readout_) run_readout(values, packing, state, cache);
}

template <class S>
void Decoder<S>::run_readout(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                             DecoderCache<S>& cache) const {
  cache.readout.resize(options_.embedding, packing.columns());
  readout_->forward(values, cache.output, cache.readout);
  if (every_step()) {
    for (std::size_t t = 0; t < packing.alive.size(); ++t) {
      cache.readout.middleCols(packing.offset[t], packing.alive[t]) +=
          state.readout_constant.leftCols(packing.alive[t]);
    }
  }
  tanh_in_place(cache.readout);
}

template <class S>
void Decoder<S>::step(const DecodingWeights<S>& weights, std::span<const TokenId> last, DecoderState<S>& state,
                      DecoderCache<S>& cache, TokenScores<S>& scores) const {
  const Packing packing = Packing::single_step(static_cast<Index>(last.size()));
  cache.layers.resize(layers_.size());
  cache.previous.column.clear();
  embedding_->forward(weights.values, last, cache.layers[0].x);
  run_layers(weights.values, packing, state, RnnState<S>{}, std::nullopt, cache);
  const Index h = options_.hidden;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Index row = static_cast<Index>(i) * h;
    state.rnn.hidden.middleRows(row, h) = cache.layers[i].recurrent.hidden;
    if (layers_[i].has_memory()) state.rnn.memory.middleRows(row, h) = cache.layers[i].recurrent.memory;
  }
  output_->score(weights.values, weights.output_rows, readout_ ? cache.readout : cache.output, scores);
}

template <class S>
LossSum Decoder<S>::run(const Arena<S>& values, const Input& input, DecoderCache<S>& cache,
                        const Results& results) const {
  cache.layers.resize(layers_.size());
  cache.previous =
      input.inputs.empty() ? DistinctTokens::of(input.target.previous()) : DistinctTokens::of(input.inputs);
  start(values, input.context, cache.start);
  embedding_->forward(values, cache.previous.ids, cache.layers[0].x);
  run_layers(values, input.target.packing, cache.start, input.context, input.dropout, cache);
  const LossSum sum =
      output_->loss(values, readout_ ? cache.readout : cache.output,
                    {.tokens = input.target.ids, .weights = input.weights, .label_smoothing = input.label_smoothing},
                    cache.output_layer, {results.token_log_probs, results.terms, &cache.d_readout});
  if (results.terms != nullptr) backward(values, input, cache, results);
  return sum;
}

template <class S>
void Decoder<S>::readout_backward(const Arena<S>& values, const Input& input, DecoderCache<S>& cache,
                                  GradientTerms<S>& terms, Buffer<S>& d_output) const {
  const Packing& packing = input.target.packing;
  cache.d_readout.array() *= S{1} - cache.readout.array().square();
  d_output.resize(options_.hidden, packing.columns());
  readout_->backward(values, cache.output, cache.d_readout, terms, S{0}, d_output);
  cache.d_context_hidden.setZero(every_step() ? options_.hidden : 0, packing.sentences());
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
  Buffer<S>& d_top = cache.layers.back().d_output;
  if (readout_) {
    readout_backward(values, input, cache, terms, d_top);
  } else {
    d_top.swap(cache.d_readout);
    cache.d_context_hidden.resize(0, packing.sentences());
  }
  dropout_backward<S>(cache.output_mask, d_top);
  cache.d_start.hidden.setZero(cache.start.rnn.hidden.rows(), packing.sentences());
  cache.d_start.memory.setZero(cache.start.rnn.memory.rows(), packing.sentences());
  const Index memory_rows = cache.start.rnn.memory.rows() > 0 ? h : 0;
  for (std::size_t i = layers_.size(); i-- > 0;) {
    DecoderLayerCache<S>& kept = cache.layers[i];
    const Index row = static_cast<Index>(i) * h;
    kept.d_x.setZero(kept.x.rows(), kept.x.cols());
    Matrix<S> d_hidden = cache.d_start.hidden.middleRows(row, h);
    Matrix<S> d_memory = cache.d_start.memory.middleRows(memory_rows > 0 ? row : 0, memory_rows);
    typename RecurrentLayer<S>::Gradients gradients{kept.d_output,          d_hidden,          d_memory, kept.d_x,
                                                    cache.d_context_hidden, results.transposed};
    layers_[i].backward(values, layer_input(i, packing, cache.start, input.context, cache), kept.recurrent, terms,
                        gradients);
    cache.d_start.hidden.middleRows(row, h) = d_hidden;
    if (memory_rows > 0) cache.d_start.memory.middleRows(row, h) = d_memory;
    dropout_backward<S>(kept.mask, kept.d_x);
    if (i > 0) {
      cache.layers[i - 1].d_output.swap(kept.d_x);
    } else {
      embedding_->backward(cache.previous.ids, kept.d_x, terms);
    }
  }
  bridge_.backward(values, input.context, cache.start.rnn, cache.d_start, terms, results.d_context);
  if (every_step()) results.d_context.hidden.bottomRows(h) += cache.d_context_hidden;
}

template <class S>
Index Decoder<S>::cache_size(Index columns, Index sentences) const {
  const Index h = options_.hidden;
  const Index read = readout_ ? options_.embedding : h;  // rows that the output layer reads
  Index of_column = h + read;                            // output, d_readout
  if (options_.effective_output_dropout() > 0) of_column += h;
  if (readout_) of_column += read;
  const Index of_sentence = every_step() ? read + h : 0;  // d_readout_constant, d_context_hidden
  Index size =
      of_column * columns + of_sentence * sentences + output_->cache_size(columns, read) + layers_[0].transposed_size();
  const Index distinct = std::min(columns, options_.target_vocabulary);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Index inputs = i == 0 ? options_.embedding : h;
    const Index of_input = (options_.effective_input_dropout() > 0 ? 3 : 2) * inputs;  // x, d_x, mask
    size += of_input * (i == 0 ? distinct : columns) + h * columns;                    // and d_output
    size += layers_[i].cache_size(
        {columns, sentences, i == 0 ? distinct : 0, options_.recurrent_dropout > 0, /*zero_start=*/false});
  }
  return size;
}

template struct DecoderState<float>;
template struct DecoderState<double>;
template class Decoder<float>;
template class Decoder<double>;

}  // namespace isthmus
