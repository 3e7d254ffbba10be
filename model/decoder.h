// From the context vector to target tokens.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/attention.h"
#include "model/bridge.h"
#include "model/buffer.h"
#include "model/embedding.h"
#include "model/linear.h"
#include "model/output_layer.h"
#include "model/recurrent_layer.h"

namespace isthmus {

/// What a decoder carries from one token to the next; a column is a hypothesis.
template <class S>
struct DecoderState {
  RnnState<S> rnn;
  Matrix<S> gate_constant;     ///< what the context adds to the first layer's gates: G·H × B; empty if initial only
  Matrix<S> readout_constant;  ///< what it adds to the readout: R × B; empty if initial only
  Matrix<S> fed;               ///< with input feeding, the last readout: R × B; else empty
  /// With attention, what each column looks back at. Hypotheses of a sentence share it.
  std::vector<std::shared_ptr<const AttendedSource<S>>> sources;

  /// New column i is old column parents[i].
  void select(const std::vector<Index>& parents);
  /// Adds another's columns behind its own.
  void append(const DecoderState& other);
};

/// The parameters as step() reads them. Shared by all searches over one model.
template <class S>
struct DecodingWeights {
  const Arena<S>& values;
  Matrix<S> output_rows;  ///< vocabulary × R: the output layer's weights, one row per token
};

template <class S>
struct DecoderLayerCache {
  Buffer<S> x;  ///< of the first layer: a column for each distinct token
  Buffer<S> mask;
  RecurrentCache<S> recurrent;
  Buffer<S> d_x;
  Buffer<S> transposed;  ///< Uᵀ, where all layers go back step by step
  Matrix<S> d_hidden;    ///< H × B, on the way back
  Matrix<S> d_memory;
};

template <class S>
struct DecoderCache {
  DecoderState<S> start;
  DistinctTokens previous;  ///< of the tokens before; column empty in step()
  std::vector<DecoderLayerCache<S>> layers;
  Buffer<S> output;  ///< H × N: the last layer's, dropped out
  Buffer<S> output_mask;
  Buffer<S> d_output;  ///< with a readout
  Buffer<S> readout;   ///< R × N
  Buffer<S> d_readout;
  AttentionCache<S> attention;
  Buffer<S> fed;  ///< R × N: with input feeding, the readouts before
  Buffer<S> d_fed;
  Buffer<S> d_readout_constant;  ///< R × B
  OutputCache<S> output_layer;
  RnnState<S> d_start;
  Buffer<S> d_context_hidden;
};

/// Embedding, recurrent layers, attention, readout and output layer.
///
/// With the context at every step its top hidden state k enters the first layer (C·k beside W·x) and, as in Cho et al.
/// 2014, a readout r = tanh(W_r·h + C_r·k + b) of the embedding's size before the output layer. Tied embeddings use the
/// same readout, without k where the context is initial only, if the sizes differ. Else the output layer reads h.
///
/// With attention there is a readout too, r_t = tanh(W_r·h_t + C_r·c_t + b). Bahdanau's c_t also enters the first layer
/// at step t, and with input feeding r_{t−1} does: then a step begins when the one before is done, all layers of it.
/// Else the layers run over all steps one after the other. Both are advance(), over one step or all.
/// Const: one object serves many threads.
template <class S>
class Decoder {
 public:
  /// `source_table`: the encoder's embedding, for tied_embeddings all.
  Decoder(Layout& layout, const ModelOptions& options, TensorId source_table);

  /// Before the first token. Columns as in the context.
  void start(const Arena<S>& values, const RnnState<S>& context, DecoderState<S>& state) const;

  DecodingWeights<S> decoding_weights(const Arena<S>& values) const {
    return {values, output_->transposed_weights(values)};
  }

  const std::optional<Attention<S>>& attention() const { return attention_; }

  /// One token of every hypothesis.
  void step(const DecodingWeights<S>& weights, std::span<const TokenId> last, DecoderState<S>& state,
            DecoderCache<S>& cache, TokenScores<S>& scores) const;

  /// After step(), while the state is as it left it: what a column looked at (α), in the order of reading.
  const Vector<S>& attention_of(const DecodingWeights<S>& weights, DecoderCache<S>& cache, Index column) const;

  /// Scalars that a cache and the working memory hold after run() with terms over so many columns and sentences, those
  /// of DecoderState apart.
  Index cache_size(Index columns, Index sentences) const;

  /// What run() reads beside the parameters.
  struct Input {
    const RnnState<S>& context;       ///< columns in the target's sorted order
    const TokenGrid& target;          ///< with end tokens
    std::span<const TokenId> inputs;  ///< by column: the token read before; empty: the target's own
    std::span<const S> weights;       ///< by column of the target
    double label_smoothing;
    std::optional<Random> dropout;
    std::span<const Index> source;  ///< by column of the context: its source's place in `attended`
    AttendedBatch<S>* attended;     ///< with attention: read; with terms, its gradients are written
  };

  /// What run() writes.
  struct Results {
    Vector<S>& token_log_probs;  ///< log p(y) by column of the target
    GradientTerms<S>* terms;     ///< `input` and the cache must outlive them. Null: evaluate only
    RnnState<S>& d_context;      ///< gradient of the context, overwritten; with terms
    Buffer<S>& transposed;       ///< working memory of backward()
  };

  /// Teacher forcing.
  LossSum run(const Arena<S>& values, const Input& input, DecoderCache<S>& cache, const Results& results) const;

 private:
  bool every_step() const { return options_.context == ContextUse::kEveryStep; }
  bool attends_before() const { return attention_ && attention_->asks_before(); }
  /// Whether a step needs the one before whole.
  bool stepwise() const { return attends_before() || options_.input_feeding; }
  auto top_hidden(const RnnState<S>& context) const { return context.hidden.bottomRows(options_.hidden); }
  ConstMatrixRef<S> layer_constant(std::size_t layer, const RnnState<S>& context, const DecoderCache<S>& cache) const;
  typename RecurrentLayer<S>::Input layer_input(std::size_t layer, const Packing& packing, const DecoderState<S>& state,
                                                const RnnState<S>& context, const DecoderCache<S>& cache) const;
  /// The last layer's states before a step.
  ConstMatrixRef<S> top_before(Index step, const Packing& packing, const DecoderState<S>& state,
                               const DecoderCache<S>& cache) const;

  /// All layers over a packed batch, from the embeddings in the first cache's x to `cache.output` and `cache.readout`.
  void run_layers(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state,
                  const RnnState<S>& context, std::optional<Random> dropout, DecoderCache<S>& cache) const;
  /// Sizes, masks, and what does not depend on steps.
  void begin(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state, const RnnState<S>& context,
             std::optional<Random> dropout, DecoderCache<S>& cache) const;
  void advance(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state, const RnnState<S>& context,
               Steps steps, DecoderCache<S>& cache) const;
  void advance_readout(const Arena<S>& values, const Packing& packing, const DecoderState<S>& state, Steps steps,
                       DecoderCache<S>& cache) const;

  void backward(const Arena<S>& values, const Input& input, DecoderCache<S>& cache, const Results& results) const;
  /// advance(), backwards: from d_readout to the gradients of the inputs.
  void retreat(const Arena<S>& values, const Input& input, Steps steps, DecoderCache<S>& cache,
               const Results& results) const;
  /// d_readout → gradient of `cache.output`, and of what is looked back at.
  void retreat_readout(const Arena<S>& values, const Input& input, Steps steps, DecoderCache<S>& cache) const;
  /// The terms of the readout, and the gradient of a context that stays the same.
  void finish_readout(const Arena<S>& values, const Input& input, DecoderCache<S>& cache,
                      GradientTerms<S>& terms) const;
  /// What a layer reads and writes on the way back. Its Uᵀ is its own where all layers take turns, else `transposed`.
  typename RecurrentLayer<S>::Gradients layer_gradients(std::size_t layer, DecoderCache<S>& cache,
                                                        Buffer<S>& transposed) const;

  ModelOptions options_;
  std::optional<Embedding<S>> embedding_;
  std::vector<RecurrentLayer<S>> layers_;
  Bridge<S> bridge_;
  std::optional<Attention<S>> attention_;
  std::optional<Linear<S>> readout_;
  std::optional<Linear<S>> readout_context_;
  std::optional<OutputLayer<S>> output_;
};

}  // namespace isthmus
