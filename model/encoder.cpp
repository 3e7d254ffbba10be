#include "model/encoder.h"

#include <fmt/format.h>

#include "model/dropout.h"

namespace isthmus {

template <class S>
void gather_columns(ConstMatrixRef<S> matrix, const std::vector<Index>& indices, MatrixRef<S> columns) {
  for (std::size_t i = 0; i < indices.size(); ++i) columns.col(static_cast<Index>(i)) = matrix.col(indices[i]);
}

template <class S>
void scatter_columns(ConstMatrixRef<S> matrix, const std::vector<Index>& indices, MatrixRef<S> columns) {
  for (std::size_t i = 0; i < indices.size(); ++i) columns.col(indices[i]) = matrix.col(static_cast<Index>(i));
}

template <class S>
Encoder<S>::Encoder(Layout& layout, const ModelOptions& options)
    : options_(options), embedding_(layout, "encoder.embedding", options.embedding, options.source_vocabulary) {
  RecurrentShape shape{.cell = options.cell,
                       .inputs = options.embedding,
                       .hidden = options.bidirectional ? options.hidden / 2 : options.hidden,
                       .layer_norm = options.layer_norm,
                       .orthogonal = options.orthogonal,
                       .forget_bias = options.forget_bias};
  for (std::int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("encoder.{}", i);
    Layer layer{RecurrentLayer<S>(layout, name + ".forward", shape), std::nullopt};
    if (options.bidirectional) layer.backward.emplace(layout, name + ".backward", shape);
    layers_.push_back(std::move(layer));
    shape.inputs = options.hidden;
  }
}

template <class S>
typename RecurrentLayer<S>::Input Encoder<S>::input_of(std::size_t layer, bool from_end, const Packing& packing,
                                                       const EncoderCache<S>& cache) const {
  std::span<const Index> column;
  if (layer == 0) {
    column = from_end ? cache.mirror_token : cache.tokens.column;
  } else if (from_end) {
    column = cache.mirror;
  }
  const Matrix<S> none;
  return {cache.layers[layer].x, column, packing, none, none, none, none};
}

template <class S>
void Encoder<S>::forward(const Arena<S>& values, const TokenGrid& source, std::optional<Random> dropout,
                         EncoderCache<S>& cache, RnnState<S>& state) const {
  const Packing& packing = source.packing;
  const Index h = options_.hidden;
  const Index part = layers_[0].forward.hidden_size();
  const bool memory = layers_[0].forward.has_memory();
  cache.layers.resize(layers_.size());
  cache.tokens = DistinctTokens::of(source.ids);
  if (options_.bidirectional) {
    cache.mirror = packing.mirrored();
    cache.mirror_token.clear();
    for (const Index column : cache.mirror) {
      cache.mirror_token.push_back(cache.tokens.column[static_cast<std::size_t>(column)]);
    }
  }
  state.hidden.resize(options_.layers * h, packing.sentences());
  state.memory.resize(memory ? options_.layers * h : 0, packing.sentences());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    EncoderLayerCache<S>& kept = cache.layers[i];
    if (i == 0) {
      embedding_.forward(values, cache.tokens.ids, kept.x);
    } else {
      read_layer(i - 1, cache, kept.x);
    }
    const auto stream = [&](std::uint64_t n) {
      return dropout ? std::optional<Random>(dropout->split(3 * i + n)) : std::nullopt;
    };
    apply_dropout<S>(dropout ? *stream(0) : Random(), dropout ? options_.effective_input_dropout() : 0.0, kept.x,
                     kept.mask);
    const auto final_rows = [&](Matrix<S>& matrix, Index at) {
      const Index rows = matrix.rows() == 0 ? 0 : part;
      return matrix.middleRows(rows == 0 ? 0 : static_cast<Index>(i) * h + at, rows);
    };
    layer.forward.forward(values, input_of(i, false, packing, cache), stream(1), options_.recurrent_dropout,
                          kept.forward);
    layer.forward.final_state(packing, kept.forward, final_rows(state.hidden, 0), final_rows(state.memory, 0));
    if (!layer.backward) continue;
    layer.backward->forward(values, input_of(i, true, packing, cache), stream(2), options_.recurrent_dropout,
                            kept.backward);
    layer.backward->final_state(packing, kept.backward, final_rows(state.hidden, part), final_rows(state.memory, part));
  }
}

template <class S>
void Encoder<S>::read_layer(std::size_t layer, const EncoderCache<S>& cache, Buffer<S>& x) const {
  const EncoderLayerCache<S>& kept = cache.layers[layer];
  if (!layers_[layer].backward) {
    x = kept.forward.hidden;
    return;
  }
  const Index part = kept.forward.hidden.rows();
  x.resize(options_.hidden, kept.forward.hidden.cols());
  x.topRows(part) = kept.forward.hidden;
  for (std::size_t c = 0; c < cache.mirror.size(); ++c) {
    x.col(static_cast<Index>(c)).tail(part) = kept.backward.hidden.col(cache.mirror[c]);
  }
}

template <class S>
const Buffer<S>& Encoder<S>::outputs(EncoderCache<S>& cache) const {
  if (!layers_.back().backward) return cache.layers.back().forward.hidden;
  read_layer(layers_.size() - 1, cache, cache.outputs);
  return cache.outputs;
}

template <class S>
void Encoder<S>::backward(const Arena<S>& values, const TokenGrid& source, const Buffer<S>& d_outputs,
                          RnnState<S>& d_state, EncoderCache<S>& cache, Buffer<S>& transposed,
                          GradientTerms<S>& terms) const {
  const Packing& packing = source.packing;
  const Index h = options_.hidden;
  const Index part = layers_[0].forward.hidden_size();
  const Index memory_rows = layers_[0].forward.has_memory() ? part : 0;
  for (std::size_t i = layers_.size(); i-- > 0;) {
    const Layer& layer = layers_[i];
    EncoderLayerCache<S>& kept = cache.layers[i];
    const Buffer<S>& d_output = i + 1 < layers_.size() ? kept.d_output : d_outputs;
    const Index output_rows = d_output.rows() > 0 ? part : 0;  // without attention the last layer's final state is all
    kept.d_x.setZero(kept.x.rows(), kept.x.cols());
    const auto one_direction = [&](const RecurrentLayer<S>& direction, RecurrentCache<S>& of, bool from_end,
                                   ConstMatrixRef<S> d_read, Index at) {
      DirectionTrace<S>* trace = !cache.trace ? nullptr : from_end ? &cache.trace->backward : &cache.trace->forward;
      const Index row = static_cast<Index>(i) * h + at;
      cache.d_hidden = d_state.hidden.middleRows(row, part);
      cache.d_memory = d_state.memory.middleRows(memory_rows == 0 ? 0 : row, memory_rows);
      typename RecurrentLayer<S>::Gradients gradients{
          d_read, cache.d_hidden, cache.d_memory, kept.d_x, cache.d_hidden.topRows(0), transposed};
      if (trace != nullptr && i + 1 == layers_.size()) gradients.d_states = &trace->d_hidden;
      direction.backward(values, input_of(i, from_end, packing, cache), of, terms, gradients);
      if (trace != nullptr && i == 0) direction.input_gradients(values, of, trace->d_x);
    };
    one_direction(layer.forward, kept.forward, false, d_output.topRows(output_rows), 0);
    if (layer.backward) {
      kept.mirrored_d_output.resize(output_rows, packing.columns());
      if (output_rows > 0) scatter_columns<S>(d_output.bottomRows(part), cache.mirror, kept.mirrored_d_output);
      one_direction(*layer.backward, kept.backward, true, kept.mirrored_d_output, part);
    }
    dropout_backward<S>(kept.mask, kept.d_x);
    if (i > 0) {
      cache.layers[i - 1].d_output.swap(kept.d_x);
    } else {
      embedding_.backward(cache.tokens.ids, kept.d_x, terms);
    }
  }
}

template <class S>
Index Encoder<S>::cache_size(Index columns, Index sentences) const {
  const bool recurrent_dropout = options_.recurrent_dropout > 0;
  const Index part = layers_[0].forward.hidden_size();
  Index size = part * sentences * (layers_[0].forward.has_memory() ? 2 : 1);  // d_hidden, d_memory
  const Index distinct = std::min(columns, options_.source_vocabulary);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const Index inputs = i == 0 ? options_.embedding : options_.hidden;
    const Index of_input = (options_.effective_input_dropout() > 0 ? 3 : 2) * inputs;  // x, d_x, mask
    const Index mirrored = layer.backward ? part : 0;
    Index of_column = options_.hidden + mirrored;  // (mirrored) d_output
    if (i + 1 == layers_.size()) {                 // outputs, mirrored d_output
      of_column = options_.attention != AttentionType::kNone && layer.backward ? options_.hidden + mirrored : 0;
    }
    size += of_input * (i == 0 ? distinct : columns) + of_column * columns;
    typename RecurrentLayer<S>::CacheShape shape{columns, sentences, i == 0 ? distinct : 0, recurrent_dropout,
                                                 /*zero_start=*/true};
    size += layer.forward.cache_size(shape);
    if (i > 0) shape.shared = columns;
    if (layer.backward) size += layer.backward->cache_size(shape);
  }
  return size;
}

template void gather_columns(ConstMatrixRef<float>, const std::vector<Index>&, MatrixRef<float>);
template void gather_columns(ConstMatrixRef<double>, const std::vector<Index>&, MatrixRef<double>);
template void scatter_columns(ConstMatrixRef<float>, const std::vector<Index>&, MatrixRef<float>);
template void scatter_columns(ConstMatrixRef<double>, const std::vector<Index>&, MatrixRef<double>);
template class Encoder<float>;
template class Encoder<double>;

}  // namespace isthmus
