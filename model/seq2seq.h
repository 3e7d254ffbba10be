// The encoder–decoder.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/decoder.h"
#include "model/encoder.h"

namespace isthmus {

/// The bottleneck: all that the decoder gets of a source sentence. Column i is sentence i of the batch as it was given.
template <class S>
struct Context {
  RnnState<S> state;
  /// With attention, the way around it: of each sentence the encoder's outputs, H × its tokens as they were read.
  std::vector<std::shared_ptr<const Matrix<S>>> annotations;
};

/// Columns of contexts, in the order of their numbers; annotations are shared.
template <class S>
Context<S> select(const Context<S>& context, std::span<const Index> columns);

/// Working memory of one thread, reused from batch to batch.
template <class S>
struct Scratch {
  EncoderCache<S> encoder;
  DecoderCache<S> decoder;
  RnnState<S> sorted;   ///< the encoder's final state, columns in the source's sorted order
  RnnState<S> context;  ///< the same in the target's order
  RnnState<S> d_context;
  RnnState<S> d_sorted;
  Buffer<S> transposed;              ///< Uᵀ of the layer whose backward pass is at work
  std::vector<Index> source_column;  ///< by target column: the source's
  AttendedBatch<S> attended;         ///< with attention
  /// After run(): log p of each target token, in the columns' order of the target grid.
  Vector<S> token_log_probs;
};

/// How a pass over a batch is made.
struct RunOptions {
  double label_smoothing = 0.0;   ///< in [0, 1)
  std::optional<Random> dropout;  ///< the masks' stream; nothing: no dropout
  /// By target sentence, as given: the number of its source, which may have several. Empty: each its own, in order.
  std::span<const Index> source_of = {};
  /// By column of the target: the token that the decoder reads before it. Empty: the target's own (teacher forcing).
  std::span<const TokenId> inputs = {};
};

/// A recurrent encoder–decoder with a fixed context vector (Sutskever et al. 2014; Cho et al. 2014), which may also
/// look back at the source (attention). Holds sizes and tensor ids, neither weights nor scratch: one object serves many
/// threads.
template <class S>
class Seq2Seq {
 public:
  explicit Seq2Seq(const ModelOptions& options);
  Seq2Seq(const Seq2Seq&) = delete;
  Seq2Seq& operator=(const Seq2Seq&) = delete;

  const Layout& layout() const { return layout_; }
  const ModelOptions& options() const { return options_; }

  /// Sentences as the encoder reads them: reversed if the model says so, with an end token.
  TokenGrid pack_source(std::span<const Sentence> sentences) const;
  /// Sentences as the decoder writes them: with an end token.
  TokenGrid pack_target(std::span<const Sentence> sentences) const;

  /// Teacher forcing: the sum over the target's tokens of −w·log p, and with terms those of its gradient (added), for
  /// which the grids and the scratch must stay as they are. Weights go by column of the target grid.
  LossSum run(const Arena<S>& values, const TokenGrid& source, const TokenGrid& target, std::span<const S> weights,
              const RunOptions& options, Scratch<S>& scratch, GradientTerms<S>* terms) const;

  /// Scalars in the buffers of a scratch after run() with terms: what a batch of so many tokens (ends included) and
  /// sentences needs beside the parameters, at most: little less when tokens occur several times. The states of its
  /// sentences, a hundredth of it, are left out.
  Index scratch_size(Index source_tokens, Index target_tokens, Index sentences) const {
    return encoder_.cache_size(source_tokens, sentences) + decoder_.cache_size(target_tokens, sentences) +
           (decoder_.attention() ? decoder_.attention()->batch_size(source_tokens) : 0);
  }

  Context<S> encode(const Arena<S>& values, const TokenGrid& source, Scratch<S>& scratch) const;

  /// Teacher forcing from contexts that were made or changed elsewhere, one for each sentence of the target as given:
  /// scratch.token_log_probs, as after run().
  void score(const Arena<S>& values, const Context<S>& context, const TokenGrid& target, Scratch<S>& scratch) const;

  /// Where the loss Σ −log p of each target is felt in its source: run() and all the way back, without dropout.
  EncoderTrace<S> trace_loss(const Arena<S>& values, const TokenGrid& source, const TokenGrid& target,
                             Scratch<S>& scratch) const;
  /// And vᵀ·c, for a vector v of the size of a context: `probes` has one for each sentence as given. Over random v with
  /// E[v·vᵀ] = I the mean of ‖∂(vᵀ·c)/∂x_t‖² is the squared Frobenius norm of ∂c/∂x_t (Hutchinson 1990).
  EncoderTrace<S> trace_context(const Arena<S>& values, const TokenGrid& source, const RnnState<S>& probes,
                                Scratch<S>& scratch) const;

  /// Before the first token; column i continues context column i.
  DecoderState<S> start(const Arena<S>& values, const Context<S>& context) const;

  /// What step() reads. The values must outlive it.
  DecodingWeights<S> decoding_weights(const Arena<S>& values) const { return decoder_.decoding_weights(values); }

  /// Appends a token to every hypothesis: column i of the scores is log p(v | …, last[i]).
  void step(const DecodingWeights<S>& weights, std::span<const TokenId> last, DecoderState<S>& state,
            Scratch<S>& scratch, TokenScores<S>& scores) const;

  /// After step(), with its state as it was left: how much a column looked at each piece of its source as given and,
  /// the last, at its end. Empty without attention.
  Vector<S> attention(const DecodingWeights<S>& weights, Scratch<S>& scratch, Index column) const;

 private:
  ModelOptions options_;
  Layout layout_;
  Encoder<S> encoder_;
  Decoder<S> decoder_;
};

}  // namespace isthmus
