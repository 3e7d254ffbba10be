#include "model/decoder.h"

#include <fmt/format.h>

#include "model/activation.h"
#include "model/dropout.h"
#include "model/encoder.h"

namespace isthmus {

template <class S>
void DecoderState<S>::select(const std::vector<Index>& parents) {
  for (Matrix<S>* matrix : {&rnn.hidden, &rnn.memory, &gate_constant, &readout_constant, &fed}) {
    Matrix<S> columns(matrix->rows(), static_cast<Index>(parents.size()));
    gather_columns<S>(*matrix, parents, columns);
    matrix->swap(columns);
  }
  if (sources.empty()) return;
  std::vector<std::shared_ptr<const AttendedSource<S>>> selected;
  for (const Index parent : parents) selected.push_back(sources[static_cast<std::size_t>(parent)]);
  sources.swap(selected);
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
  join(fed, other.fed);
  sources.insert(sources.end(), other.sources.begin(), other.sources.end());
}

template <class S>
Decoder<S>::Decoder(Layout& layout, const ModelOptions& options, TensorId source_table)
    : options_(options), bridge_(layout, options) {
  if (options.tied_embeddings == TiedEmbeddings::kAll) {
    embedding_.emplace(layout, source_table);
  } else {
    embedding_.emplace(layout, "decoder.embedding", options.embedding, options.target_vocabulary);
  }
  if (options.attention != AttentionType::kNone) attention_.emplace(layout, options);
  RecurrentShape shape{.cell = options.cell,
                       .inputs = options.embedding,
                       .hidden = options.hidden,
                       .constants = options.input_feeding              ? options.embedding
                                    : every_step() || attends_before() ? options.hidden
                                                                       : 0,
                       .fed = stepwise(),
                       .layer_norm = options.layer_norm,
                       .orthogonal = options.orthogonal,
                       .forget_bias = options.forget_bias};
  for (std::int64_t i = 0; i < options.layers; ++i) {
    layers_.emplace_back(layout, fmt::format("decoder.{}", i), shape);
    shape.inputs = options.hidden;
    shape.constants = 0;
    shape.fed = false;
  }
  const bool tied = options.tied_embeddings != TiedEmbeddings::kNone;
  if (every_step() || attention_ || (tied && options.embedding != options.hidden)) {
    readout_.emplace(layout, "readout", options.embedding, options.hidden);
    if (every_step() || attention_) {
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
  state.fed.setZero(options_.input_feeding ? options_.embedding : 0, columns);
  if (!every_step()) return;
  layers_[0].constant_product(values, top_hidden(context), state.gate_constant);
  state.readout_constant.resize(options_.embedding, columns);
  readout_context_->forward(values, top_hidden(context), state.readout_constant);
}

template <class S>
ConstMatrixRef<S> Decoder<S>::layer_constant(std::size_t layer, const RnnState<S>& context,
                                             const DecoderCache<S>& cache) const {
  if (layer == 0 && attends_before()) return cache.attention.contexts;
  if (layer == 0 && options_.input_feeding) return cache.fed;
  const bool constant = layer == 0 && every_step();
  return context.hidden.bottomRows(constant ? std::min<Index>(options_.hidden, context.hidden.rows()) : 0);
}

template <class S>
typename RecurrentLayer<S>::Input Decoder<S>::layer_input(std::size_t layer, const Packing& packing,
                                                          const DecoderState<S>& state, const RnnState<S>& context,
                                                          const DecoderCache<S>& cache) const {
  const Index h = options_.hidden;
  const Index row = static_cast<Index>(layer) * h;
  const bool memory = state.rnn.memory.rows() > 0;
  return {cache.layers[layer].x,
          layer == 0 ? std::span<const Index>(cache.previous.column) : std::span<const Index>(),
          packing,
          state.rnn.hidden.middleRows(row, h),
          state.rnn.memory.middleRows(memory ? row : 0, memory ? h : 0),
          layer_constant(layer, context, cache),
          state.gate_constant.topRows(layer == 0 ? state.gate_constant.rows() : 0)};
}

template <class S>
ConstMatrixRef<S> Decoder<S>::top_before(Index step, const Packing& packing, const DecoderState<S>& state,
                                         const DecoderCache<S>& cache) const {
  if (step == 0) return state.rnn.hidden.bottomRows(options_.hidden);
  const auto t = static_cast<std::size_t>(step);
  return cache.layers.back().recurrent.hidden.middleCols(packing.offset[t - 1], packing.alive[t]);
}

template <class S>
void Decoder<S>::begin(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                       const RnnState<S>& context, std::optional<Random> dropout, DecoderCache<S>& cache) const {
  const Index h = options_.hidden;
  const Index columns = packing.columns();
  const auto stream = [&](std::uint64_t n) {
    return dropout ? std::optional<Random>(dropout->split(n)) : std::nullopt;
  };
  const double input_dropout = dropout ? options_.effective_input_dropout() : 0.0;
  if (attention_) attention_->begin(packing, cache.attention);
  if (options_.input_feeding) cache.fed.resize(options_.embedding, columns);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    DecoderLayerCache<S>& kept = cache.layers[i];
    const Random mask = stream(2 * i).value_or(Random());
    if (i == 0) {
      apply_dropout<S>(mask, input_dropout, kept.x, kept.mask);
    } else {
      kept.x.resize(h, columns);
      draw_dropout_mask(mask, input_dropout, h, columns, kept.mask);
    }
    layers_[i].begin(values, layer_input(i, packing, state, context, cache), stream(2 * i + 1),
                     options_.recurrent_dropout, kept.recurrent);
  }
  cache.output.resize(h, columns);
  draw_dropout_mask(stream(2 * layers_.size()).value_or(Random()), dropout ? options_.effective_output_dropout() : 0.0,
                    h, columns, cache.output_mask);
  if (readout_) cache.readout.resize(options_.embedding, columns);
}

template <class S>
void Decoder<S>::advance(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                         const RnnState<S>& context, Steps steps, DecoderCache<S>& cache) const {
  const Index at = steps.column(packing);
  const Index columns = steps.columns(packing);
  if (attends_before()) {
    attention_->forward(values, packing, steps, top_before(steps.begin, packing, state, cache), cache.attention);
  }
  if (options_.input_feeding) {
    auto fed = cache.fed.middleCols(at, columns);
    if (steps.begin == 0) {
      fed = state.fed;
    } else {
      fed = cache.readout.middleCols(packing.offset[static_cast<std::size_t>(steps.begin - 1)], columns);
    }
  }
  const auto read = [&](const Buffer<S>& hidden, const Buffer<S>& mask, Buffer<S>& to) {
    auto dropped = to.middleCols(at, columns);
    dropped = hidden.middleCols(at, columns);
    if (mask.size() > 0) dropped.array() *= mask.middleCols(at, columns).array();
  };
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    DecoderLayerCache<S>& kept = cache.layers[i];
    if (i > 0) read(cache.layers[i - 1].recurrent.hidden, kept.mask, kept.x);
    layers_[i].advance(values, layer_input(i, packing, state, context, cache), steps, kept.recurrent);
  }
  read(cache.layers.back().recurrent.hidden, cache.output_mask, cache.output);
  if (attention_ && !attends_before()) {
    attention_->forward(values, packing, steps, cache.output.middleCols(at, columns), cache.attention);
  }
  if (readout_) advance_readout(values, packing, state, steps, cache);
}

template <class S>
void Decoder<S>::advance_readout(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                                 Steps steps, DecoderCache<S>& cache) const {
  const Index at = steps.column(packing);
  const Index columns = steps.columns(packing);
  auto readout = cache.readout.middleCols(at, columns);
  readout_->forward(values, cache.output.middleCols(at, columns), readout);
  if (attention_) {
    readout_context_->add_product(values, cache.attention.contexts.middleCols(at, columns), readout);
  } else if (every_step()) {
    for (std::size_t t = 0; t < packing.alive.size(); ++t) {
      cache.readout.middleCols(packing.offset[t], packing.alive[t]) +=
          state.readout_constant.leftCols(packing.alive[t]);
    }
  }
  tanh_in_place(readout);
}

template <class S>
void Decoder<S>::run_layers(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                            const RnnState<S>& context, std::optional<Random> dropout, DecoderCache<S>& cache) const {
  begin(values, packing, state, context, dropout, cache);
  if (!stepwise()) return advance(values, packing, state, context, Steps::all(packing), cache);
  for (Index t = 0; t < packing.steps(); ++t) advance(values, packing, state, context, {t, t + 1}, cache);
}

template <class S>
void Decoder<S>::step(const DecodingWeights<S>& weights, std::span<const TokenId> last, DecoderState<S>& state,
                      DecoderCache<S>& cache, TokenScores<S>& scores) const {
  const Packing packing = Packing::single_step(static_cast<Index>(last.size()));
  cache.layers.resize(layers_.size());
  cache.previous.column.clear();
  cache.attention.sources.clear();
  for (const auto& source : state.sources) cache.attention.sources.push_back(view_of(*source));
  embedding_->forward(weights.values, last, cache.layers[0].x);
  run_layers(weights.values, packing, state, RnnState<S>{}, std::nullopt, cache);
  const Index h = options_.hidden;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Index row = static_cast<Index>(i) * h;
    state.rnn.hidden.middleRows(row, h) = cache.layers[i].recurrent.hidden;
    if (layers_[i].has_memory()) state.rnn.memory.middleRows(row, h) = cache.layers[i].recurrent.memory;
  }
  if (options_.input_feeding) state.fed = cache.readout;
  output_->score(weights.values, weights.output_rows, readout_ ? cache.readout : cache.output, scores);
}

template <class S>
const Vector<S>& Decoder<S>::attention_of(const DecodingWeights<S>& weights, DecoderCache<S>& cache,
                                          Index column) const {
  const Buffer<S>& queries = attends_before() ? cache.attention.query : cache.output;
  const AttendedView<S> source = cache.attention.sources[static_cast<std::size_t>(column)];
  attention_->weigh(weights.values, source, queries.col(column).data(), cache.attention);
  return cache.attention.weights;
}

template <class S>
LossSum Decoder<S>::run(const Arena<S>& values, const Input& input, DecoderCache<S>& cache,
                        const Results& results) const {
  cache.layers.resize(layers_.size());
  cache.previous =
      input.inputs.empty() ? DistinctTokens::of(input.target.previous()) : DistinctTokens::of(input.inputs);
  start(values, input.context, cache.start);
  if (attention_) {
    cache.attention.source.assign(input.source.begin(), input.source.end());
    cache.attention.sources.clear();
    for (const Index source : input.source) cache.attention.sources.push_back(view_of(*input.attended, source));
  }
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
Index Decoder<S>::cache_size(Index columns, Index sentences) const {
  const Index h = options_.hidden;
  const Index read = readout_ ? options_.embedding : h;  // rows that the output layer reads
  Index of_column = h + read;                            // output, d_readout
  if (options_.effective_output_dropout() > 0) of_column += h;
  if (readout_) of_column += read + h;                    // readout, d_output
  if (options_.input_feeding) of_column += 2 * read;      // fed, d_fed
  const Index of_sentence = every_step() ? read + h : 0;  // d_readout_constant, d_context_hidden
  Index size =
      of_column * columns + of_sentence * sentences + output_->cache_size(columns, read) + layers_[0].transposed_size();
  if (attention_) size += attention_->cache_size(columns);
  const Index distinct = std::min(columns, options_.target_vocabulary);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Index inputs = i == 0 ? options_.embedding : h;
    const Index of_input = (options_.effective_input_dropout() > 0 ? 3 : 2) * inputs;  // x, d_x, mask
    size += of_input * (i == 0 ? distinct : columns);
    if (stepwise()) size += layers_[i].transposed_size();
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
