// The output layer, fused with softmax and loss.
#pragma once

#include <algorithm>
#include <span>
#include <string>

#include "core/types.h"
#include "model/buffer.h"
#include "model/gradient_terms.h"
#include "model/token_scores.h"
#include "model/transpose.h"

namespace isthmus {

/// What a pass over target tokens adds up.
struct LossSum {
  double loss = 0.0;  ///< Σ w·loss, with label smoothing: what training minimises
  double nll = 0.0;   ///< Σ −log p(y), unweighted and unsmoothed, in nats
  Index tokens = 0;
  Index correct = 0;  ///< tokens that were the likeliest

  LossSum& operator+=(const LossSum& other);
};

/// Working memory of loss(), reused from batch to batch.
template <class S>
struct OutputCache {
  Buffer<S> logits;     ///< vocabulary × a chunk: logits, probabilities, then their gradients
  Buffer<S> d_weights;  ///< sum over the chunks, when there are several
  Vector<S> d_bias;
  Index chunk = 0;  ///< columns of a chunk; 0: as many as OutputLayer::chunk() says
};

/// log p = log softmax(Wᵀ·x + b). W has one column per token, like an embedding, and may be one (Press & Wolf 2017).
/// Const: one object serves many threads.
template <class S>
class OutputLayer {
 public:
  /// Own weights.
  OutputLayer(Layout& layout, const std::string& name, Index inputs, Index vocabulary);
  /// Weights shared with an embedding that is already in the layout.
  OutputLayer(Layout& layout, const std::string& name, TensorId table);

  /// What loss() reads beside x.
  struct Targets {
    std::span<const TokenId> tokens;  ///< by column of x
    std::span<const S> weights;       ///< by column of x
    double label_smoothing = 0.0;     ///< share of the probability spread evenly (Szegedy et al. 2016)
  };

  /// What loss() writes.
  struct Results {
    Vector<S>& token_log_probs;  ///< log p(y) by column
    GradientTerms<S>* terms;     ///< those of W and b are added; x and the cache must outlive them. Null: evaluate only
    Buffer<S>* d_x;              ///< gradient of x, overwritten; read only with terms
  };

  /// Works on chunk() columns at a time, forward and backward, so that the V × N logits of a large batch never exist at
  /// once.
  LossSum loss(const Arena<S>& values, ConstMatrixRef<S> x, const Targets& targets, OutputCache<S>& cache,
               Results results) const;

  /// What comes after each column of x. `weight_rows` is transposed_weights(): products with it are faster, and may be
  /// steady.
  void score(const Arena<S>& values, const Matrix<S>& weight_rows, ConstMatrixRef<S> x, TokenScores<S>& scores) const;
  Matrix<S> transposed_weights(const Arena<S>& values) const {
    const auto weights = values[weights_];
    Matrix<S> transposed(weights.cols(), weights.rows());
    transpose<S>(weights, transposed);
    return transposed;
  }

  Index vocabulary() const { return vocabulary_; }
  /// Scalars that a cache holds after loss() with terms over so many columns, x having `inputs` rows.
  Index cache_size(Index columns, Index inputs) const;

  /// Columns of a chunk, of several: its logits take 16 MiB in single precision, and there are some for any vocabulary.
  Index chunk() const { return std::max<Index>(64, (Index{1} << 22) / vocabulary_); }
  /// Columns that are one chunk: their logits take no more memory than those of chunk() columns and the sum of the
  /// gradients of several chunks.
  Index undivided(Index inputs) const { return chunk() + inputs; }

 private:
  /// Columns of each of the chunks: alike, for products of few columns are slow.
  static Index chunk_width(Index columns, Index most);
  /// Turns a chunk's logits into probabilities and, with gradients, these into the logits' gradients.
  void softmax(const Arena<S>& values, const Targets& targets, Index begin, MatrixRef<S> logits, Vector<S>* d_bias,
               Vector<S>& token_log_probs, LossSum& sum) const;

  TensorId weights_;
  TensorId bias_;
  Index vocabulary_;
};

}  // namespace isthmus
