// Looking back at the source (Bahdanau, Cho & Bengio 2015; Luong, Pham & Manning 2015).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/buffer.h"
#include "model/linear.h"
#include "model/model_options.h"
#include "model/token_grid.h"

namespace isthmus {

/// A source sentence as a decoder looks back at it: a column for each token in the order of reading, the end included.
template <class S>
struct AttendedSource {
  std::shared_ptr<const Matrix<S>> annotations;  ///< H × T: the outputs of the encoder's last layer
  Matrix<S> keys;                                ///< H × T: what a query is compared with; empty: the annotations
};

/// The same in memory that is another's.
template <class S>
struct AttendedView {
  Eigen::Map<const Matrix<S>> annotations;
  Eigen::Map<const Matrix<S>> keys;
};

template <class S>
AttendedView<S> view_of(const AttendedSource<S>& source) {
  const Matrix<S>& a = *source.annotations;
  return {{a.data(), a.rows(), a.cols()}, {source.keys.data(), source.keys.rows(), source.keys.cols()}};
}

/// The sources of a batch, the columns of a sentence side by side, and the gradients of these.
template <class S>
struct AttendedBatch {
  std::vector<Index> begin;   ///< by sorted sentence of the source: its first column; one more than sentences
  std::vector<Index> packed;  ///< by column: the column of the packed batch
  Buffer<S> annotations;      ///< H × N, dropped out
  Buffer<S> mask;
  Buffer<S> keys;
  Buffer<S> d_annotations;
  Buffer<S> d_keys;
  Buffer<S> d_outputs;  ///< H × N, columns of the packed batch: the gradient of the encoder's outputs
};

/// Of the sorted sentence b of the source.
template <class S>
AttendedView<S> view_of(const AttendedBatch<S>& batch, Index b) {
  const Index begin = batch.begin[static_cast<std::size_t>(b)];
  const Index length = batch.begin[static_cast<std::size_t>(b) + 1] - begin;
  const auto view = [&](const Buffer<S>& of) {
    return Eigen::Map<const Matrix<S>>(of.data() + begin * of.rows(), of.rows(), length);
  };
  return {view(batch.annotations), view(batch.keys)};
}

/// Working memory for the columns of a target, and what their backward pass needs of them.
template <class S>
struct AttentionCache {
  std::vector<AttendedView<S>> sources;  ///< by sorted sentence of the target
  std::vector<Index> source;             ///< by sorted sentence of the target: the number of its source in the batch
  Buffer<S> state;                       ///< H × N: the states that ask, where they are those before the step
  Buffer<S> query;                       ///< H × N: what they ask, where it is not the state itself
  Buffer<S> d_query;
  Buffer<S> contexts;  ///< H × N: c_t
  Buffer<S> d_contexts;
  Vector<S> weights;   ///< of one column: α
  Vector<S> d_scores;  ///< of one column
  Matrix<S> units;     ///< of one column, additive: tanh(q + k_s), H × T
  Vector<S> d_combination;
};

/// c_t = Σ_s α_ts·a_s with α_t = softmax(e_t). The score of annotation a_s is
///
///   bahdanau         e_ts = vᵀ·tanh(W·h_{t−1} + k_s)    k_s = U·a_s + b
///   luong, general   e_ts = h_tᵀ·k_s                    k_s = W·a_s
///   luong, dot       e_ts = h_tᵀ·a_s
///
/// Each column is computed apart, in an order that depends on nothing but the lengths, so that neighbours change no
/// bit; beside the recurrent layers it is little work. The weights are computed again on the way back: those of a batch
/// take more memory than their time is worth. Const: one object serves many threads.
template <class S>
class Attention {
 public:
  Attention(Layout& layout, const ModelOptions& options);

  /// Whether a step's c_t is there before the step, since the state before it asks.
  bool asks_before() const { return additive_; }

  /// keys (H × T) of annotations; empty where these are their own.
  void make_keys(const Arena<S>& values, ConstMatrixRef<S> annotations, Matrix<S>& keys) const;

  /// Takes the outputs of the encoder's last layer (H × N, packed) apart by sentence.
  void read(const Arena<S>& values, const Packing& packing, ConstMatrixRef<S> outputs, std::optional<Random> dropout,
            AttendedBatch<S>& batch) const;
  /// After the backward passes of all columns: batch.d_outputs.
  void read_backward(const Arena<S>& values, AttendedBatch<S>& batch, GradientTerms<S>& terms) const;

  /// Makes room for the columns of a target whose sources are in the cache.
  void begin(const Packing& packing, AttentionCache<S>& cache) const;
  /// cache.contexts of the steps. states: H × their columns.
  void forward(const Arena<S>& values, const Packing& packing, Steps steps, ConstMatrixRef<S> states,
               AttentionCache<S>& cache) const;

  /// Before the first backward().
  void begin_backward(AttendedBatch<S>& batch, AttentionCache<S>& cache) const;
  /// From cache.d_contexts of the steps: adds to d_states (H × their columns) and to the batch's gradients.
  void backward(const Arena<S>& values, const Packing& packing, Steps steps, ConstMatrixRef<S> states,
                AttendedBatch<S>& batch, AttentionCache<S>& cache, MatrixRef<S> d_states) const;
  /// The terms of all steps.
  void finish_backward(AttentionCache<S>& cache, GradientTerms<S>& terms) const;

  /// α of one column, into cache.weights.
  void weigh(const Arena<S>& values, const AttendedView<S>& source, const S* query, AttentionCache<S>& cache) const;

  /// Scalars in the buffers of a batch of so many columns.
  Index batch_size(Index columns) const;
  /// And of a cache.
  Index cache_size(Index columns) const;

 private:
  using ConstColumn = Eigen::Map<const Vector<S>>;

  const AttendedView<S>& source_of(const AttentionCache<S>& cache, Index b) const {
    return cache.sources[static_cast<std::size_t>(b)];
  }
  void backward_column(const Arena<S>& values, const AttendedView<S>& source, const S* query, const S* d_context,
                       S* d_query, MatrixRef<S> d_annotations, MatrixRef<S> d_keys, AttentionCache<S>& cache) const;

  Index hidden_;
  double dropout_;
  bool additive_;
  std::optional<Linear<S>> query_;
  std::optional<Linear<S>> key_;
  TensorId combination_;  ///< v
};

}  // namespace isthmus
