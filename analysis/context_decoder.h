// A decoder that learns from contexts: the encoder that made them stays as it is.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/random.h"
#include "core/threads.h"
#include "model/decoder.h"
#include "model/seq2seq.h"
#include "training/optimizer.h"

namespace isthmus {

/// From the state of a context to a sentence of any vocabulary. One thread at a time uses it; the same numbers on any.
class ContextDecoder {
 public:
  /// Cell, layers, sizes, and how the context is used, are those of `shape`; the bridge is dense, if it is not zero,
  /// and nothing is attended to or tied.
  ContextDecoder(const ModelOptions& shape, Index vocabulary, Random random);

  /// One update towards the targets; target i belongs to column i of the contexts.
  void learn(const RnnState<float>& contexts, std::span<const Sentence> targets);

  /// For each piece of each target, the ends not among them: whether it is the likeliest after those before it.
  std::vector<std::vector<bool>> recall(const RnnState<float>& contexts, std::span<const Sentence> targets);

 private:
  Random random_;
  ModelOptions options_;
  Layout layout_;
  Decoder<float> decoder_;
  Arena<float> values_;
  Arena<float> grads_;
  GradientTerms<float> terms_;
  Optimizer optimizer_;
  ThreadPool alone_;
  DecoderCache<float> cache_;
  RnnState<float> sorted_;
  RnnState<float> d_context_;
  Buffer<float> transposed_;
  Vector<float> token_log_probs_;
};

}  // namespace isthmus
