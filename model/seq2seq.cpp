#include "model/seq2seq.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "model/gemm.h"

namespace isthmus {
namespace {

std::vector<Sentence> with_end(std::span<const Sentence> sentences, bool reversed) {
  std::vector<Sentence> ended;
  ended.reserve(sentences.size());
  for (const Sentence& sentence : sentences) {
    Sentence& copy = ended.emplace_back();
    copy.reserve(sentence.size() + 1);
    copy = sentence;
    if (reversed) std::reverse(copy.begin(), copy.end());
    copy.push_back(kEnd);
  }
  return ended;
}

template <class S>
void gather_state(const RnnState<S>& state, const std::vector<Index>& columns, RnnState<S>& gathered) {
  gathered.hidden.resize(state.hidden.rows(), static_cast<Index>(columns.size()));
  gathered.memory.resize(state.memory.rows(), static_cast<Index>(columns.size()));
  gather_columns<S>(state.hidden, columns, gathered.hidden);
  gather_columns<S>(state.memory, columns, gathered.memory);
}

template <class S>
void scatter_state(const RnnState<S>& state, const std::vector<Index>& columns, RnnState<S>& scattered) {
  scattered.hidden.resize(state.hidden.rows(), static_cast<Index>(columns.size()));
  scattered.memory.resize(state.memory.rows(), static_cast<Index>(columns.size()));
  scatter_columns<S>(state.hidden, columns, scattered.hidden);
  scatter_columns<S>(state.memory, columns, scattered.memory);
}

/// Sums over the columns that were gathered from one.
template <class S>
void add_state(const RnnState<S>& state, const std::vector<Index>& columns, Index count, RnnState<S>& sums) {
  sums.hidden.setZero(state.hidden.rows(), count);
  sums.memory.setZero(state.memory.rows(), count);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    sums.hidden.col(columns[i]) += state.hidden.col(static_cast<Index>(i));
    if (sums.memory.rows() > 0) sums.memory.col(columns[i]) += state.memory.col(static_cast<Index>(i));
  }
}

}  // namespace

template <class S>
Context<S> select(const Context<S>& context, std::span<const Index> columns) {
  Context<S> selected;
  gather_state(context.state, {columns.begin(), columns.end()}, selected.state);
  if (context.annotations.empty()) return selected;
  for (const Index i : columns) selected.annotations.push_back(context.annotations[static_cast<std::size_t>(i)]);
  return selected;
}

template <class S>
Seq2Seq<S>::Seq2Seq(const ModelOptions& options)
    : options_(options), encoder_(layout_, options), decoder_(layout_, options, encoder_.embedding().table()) {}

template <class S>
TokenGrid Seq2Seq<S>::pack_source(std::span<const Sentence> sentences) const {
  return TokenGrid::pack(with_end(sentences, options_.reverse_source));
}

template <class S>
TokenGrid Seq2Seq<S>::pack_target(std::span<const Sentence> sentences) const {
  return TokenGrid::pack(with_end(sentences, false));
}

template <class S>
LossSum Seq2Seq<S>::run(const Arena<S>& values, const TokenGrid& source, const TokenGrid& target,
                        std::span<const S> weights, const RunOptions& options, Scratch<S>& scratch,
                        GradientTerms<S>* terms) const {
  assert(target.sentence.size() == (options.source_of.empty() ? source.sentence.size() : options.source_of.size()));
  assert(static_cast<Index>(weights.size()) == target.tokens());
  const auto stream = [&](std::uint64_t n) {
    return options.dropout ? std::optional<Random>(options.dropout->split(n)) : std::nullopt;
  };
  encoder_.forward(values, source, stream(0), scratch.encoder, scratch.sorted);
  // Each side is sorted by its own lengths: find the source's column of each target column.
  std::vector<Index> column_of_sentence(source.sentence.size());
  for (std::size_t b = 0; b < source.sentence.size(); ++b) {
    column_of_sentence[static_cast<std::size_t>(source.sentence[b])] = static_cast<Index>(b);
  }
  scratch.source_column.clear();
  for (const Index sentence : target.sentence) {
    const auto i = static_cast<std::size_t>(sentence);
    const Index of = options.source_of.empty() ? sentence : options.source_of[i];
    scratch.source_column.push_back(column_of_sentence[static_cast<std::size_t>(of)]);
  }
  gather_state(scratch.sorted, scratch.source_column, scratch.context);
  if (decoder_.attention()) {
    decoder_.attention()->read(values, source.packing, encoder_.outputs(scratch.encoder), stream(2), scratch.attended);
  }
  const LossSum sum =
      decoder_.run(values,
                   {scratch.context, target, options.inputs, weights, options.label_smoothing, stream(1),
                    scratch.source_column, &scratch.attended},
                   scratch.decoder, {scratch.token_log_probs, terms, scratch.d_context, scratch.transposed});
  if (terms != nullptr) {
    add_state(scratch.d_context, scratch.source_column, source.packing.sentences(), scratch.d_sorted);
    if (decoder_.attention()) decoder_.attention()->read_backward(values, scratch.attended, *terms);
    encoder_.backward(values, source, scratch.attended.d_outputs, scratch.d_sorted, scratch.encoder, scratch.transposed,
                      *terms);
  }
  return sum;
}

template <class S>
Context<S> Seq2Seq<S>::encode(const Arena<S>& values, const TokenGrid& source, Scratch<S>& scratch) const {
  const SteadyProducts steady;
  encoder_.forward(values, source, std::nullopt, scratch.encoder, scratch.sorted);
  Context<S> context;
  scatter_state(scratch.sorted, source.sentence, context.state);
  if (!decoder_.attention()) return context;
  const Packing& packing = source.packing;
  const Buffer<S>& outputs = encoder_.outputs(scratch.encoder);
  context.annotations.resize(source.sentence.size());
  for (Index b = 0; b < packing.sentences(); ++b) {
    const auto annotations = std::make_shared<Matrix<S>>(outputs.rows(), packing.length(b));
    for (Index t = 0; t < annotations->cols(); ++t) {
      annotations->col(t) = outputs.col(packing.offset[static_cast<std::size_t>(t)] + b);
    }
    context.annotations[static_cast<std::size_t>(source.sentence[static_cast<std::size_t>(b)])] = annotations;
  }
  return context;
}

template <class S>
void Seq2Seq<S>::score(const Arena<S>& values, const Context<S>& context, const TokenGrid& target,
                       Scratch<S>& scratch) const {
  assert(target.sentence.size() == static_cast<std::size_t>(context.state.hidden.cols()));
  gather_state(context.state, target.sentence, scratch.context);
  scratch.source_column.clear();
  if (decoder_.attention()) {
    std::vector<Index> sorted(context.annotations.size());
    std::iota(sorted.begin(), sorted.end(), Index{0});
    const auto length = [&](Index i) { return context.annotations[static_cast<std::size_t>(i)]->cols(); };
    std::stable_sort(sorted.begin(), sorted.end(), [&](Index a, Index b) { return length(a) > length(b); });
    std::vector<Index> lengths;
    for (const Index i : sorted) lengths.push_back(length(i));
    const Packing packing = Packing::of_lengths(lengths);
    Matrix<S> outputs(context.annotations[0]->rows(), packing.columns());
    std::vector<Index> column_of(sorted.size());
    for (std::size_t b = 0; b < sorted.size(); ++b) {
      const auto i = static_cast<std::size_t>(sorted[b]);
      column_of[i] = static_cast<Index>(b);
      for (Index t = 0; t < lengths[b]; ++t) {
        outputs.col(packing.offset[static_cast<std::size_t>(t)] + static_cast<Index>(b)) =
            context.annotations[i]->col(t);
      }
    }
    decoder_.attention()->read(values, packing, outputs, std::nullopt, scratch.attended);
    for (const Index i : target.sentence) scratch.source_column.push_back(column_of[static_cast<std::size_t>(i)]);
  }
  const std::vector<S> weights(static_cast<std::size_t>(target.tokens()), S{1});
  decoder_.run(values,
               {scratch.context, target, {}, weights, 0.0, std::nullopt, scratch.source_column, &scratch.attended},
               scratch.decoder, {scratch.token_log_probs, nullptr, scratch.d_context, scratch.transposed});
}

template <class S>
EncoderTrace<S> Seq2Seq<S>::trace_loss(const Arena<S>& values, const TokenGrid& source, const TokenGrid& target,
                                       Scratch<S>& scratch) const {
  const std::vector<S> weights(static_cast<std::size_t>(target.tokens()), S{1});
  GradientTerms<S> unused(layout_);
  scratch.encoder.trace.emplace();
  run(values, source, target, weights, {}, scratch, &unused);
  EncoderTrace<S> trace = std::move(*scratch.encoder.trace);
  scratch.encoder.trace.reset();
  return trace;
}

template <class S>
EncoderTrace<S> Seq2Seq<S>::trace_context(const Arena<S>& values, const TokenGrid& source, const RnnState<S>& probes,
                                          Scratch<S>& scratch) const {
  encoder_.forward(values, source, std::nullopt, scratch.encoder, scratch.sorted);
  gather_state(probes, source.sentence, scratch.d_sorted);
  GradientTerms<S> unused(layout_);
  scratch.encoder.trace.emplace();
  encoder_.backward(values, source, Buffer<S>(), scratch.d_sorted, scratch.encoder, scratch.transposed, unused);
  EncoderTrace<S> trace = std::move(*scratch.encoder.trace);
  scratch.encoder.trace.reset();
  return trace;
}

template <class S>
DecoderState<S> Seq2Seq<S>::start(const Arena<S>& values, const Context<S>& context) const {
  const SteadyProducts steady;
  DecoderState<S> state;
  decoder_.start(values, context.state, state);
  if (!decoder_.attention()) return state;
  for (const auto& annotations : context.annotations) {
    const auto source = std::make_shared<AttendedSource<S>>();
    source->annotations = annotations;
    decoder_.attention()->make_keys(values, *annotations, source->keys);
    state.sources.push_back(source);
  }
  return state;
}

template <class S>
void Seq2Seq<S>::step(const DecodingWeights<S>& weights, std::span<const TokenId> last, DecoderState<S>& state,
                      Scratch<S>& scratch, TokenScores<S>& scores) const {
  const SteadyProducts steady;
  decoder_.step(weights, last, state, scratch.decoder, scores);
}

template <class S>
Vector<S> Seq2Seq<S>::attention(const DecodingWeights<S>& weights, Scratch<S>& scratch, Index column) const {
  if (!decoder_.attention()) return {};
  Vector<S> looked = decoder_.attention_of(weights, scratch.decoder, column);
  if (options_.reverse_source) std::reverse(looked.data(), looked.data() + looked.size() - 1);
  return looked;
}

template Context<float> select(const Context<float>&, std::span<const Index>);
template Context<double> select(const Context<double>&, std::span<const Index>);
template class Seq2Seq<float>;
template class Seq2Seq<double>;

}  // namespace isthmus
