// A recurrent layer over a packed batch: the products, and the loop over time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "model/buffer.h"
#include "model/gradient_terms.h"
#include "model/layer_norm.h"
#include "model/layout.h"
#include "model/model_options.h"
#include "model/token_grid.h"

namespace isthmus {

/// The state of a recurrent network between two tokens: what an encoder hands to a decoder. The layers' H rows stand
/// above one another. Memory is empty but for cells that have one.
template <class S>
struct RnnState {
  Matrix<S> hidden;  ///< (L·H) × B
  Matrix<S> memory;  ///< (L·H) × B or 0 × B
};

/// What forward() keeps for backward(). Reused from batch to batch; one per thread and layer.
template <class S>
struct RecurrentCache {
  Buffer<S> gates;             ///< G·H × N: pre-activations, activations, then their gradients
  Buffer<S> shared;            ///< G·H × columns of x, where they are shared: W·x, then the sums of gradients
  Buffer<S> recurrent;         ///< G·H × N: U·h_{t−1}, where it is kept apart
  Buffer<S> hidden;            ///< H × N: the layer's output
  Buffer<S> memory;            ///< H × N
  Buffer<S> previous;          ///< H × N: h_{t−1} as it enters the product with U (dropped out)
  Buffer<S> recurrent_mask;    ///< H × B, or empty
  Buffer<S> input_normalised;  ///< G·H × N, where layers are normalised; so the next three
  Buffer<S> input_scale;       ///< 1 × N
  Buffer<S> recurrent_normalised;
  Buffer<S> recurrent_scale;
  Buffer<S> constant;           ///< G·H × B: C·k + b
  Buffer<S> previous_gradient;  ///< H × B: gradient of the dropped-out h_{t−1}
  Buffer<S> zeros;              ///< H × B: the state before the first token, where none is given
  Vector<S> d_bias;             ///< gradients that are not products: of the bias,
  Vector<S> d_recurrent_bias;   ///< of the recurrent one,
  Vector<S> d_input_gain;       ///< and of the normalisations' gains
  Vector<S> d_recurrent_gain;
};

/// Sizes and switches of a layer.
struct RecurrentShape {
  CellType cell = CellType::kLstm;
  Index inputs = 0;
  Index hidden = 0;
  Index constants = 0;  ///< rows of an input that stays the same over time (the context vector); 0 for none
  bool fed = false;     ///< it does not: it has a column for each token, which is made from what the step before gave
  bool layer_norm = false;
  bool orthogonal = true;
  double forget_bias = 1.0;
};

/// One direction of one layer.
///
///   pre-activations = W·x_t + C·k + b  ⊕  U·h_{t−1}          W: G·H × inputs, U: G·H × H, C: G·H × constants
///
/// Gates' blocks of H rows stand above one another (LSTM: i f g o; GRU: r z n), so that one product serves all gates,
/// and W·X is one product over all steps; where steps share a column of x, it is multiplied once. A final state is that
/// after each sentence's own last token. Const: one object serves many threads.
template <class S>
class RecurrentLayer {
 public:
  RecurrentLayer(Layout& layout, const std::string& name, const RecurrentShape& shape);

  /// What a call reads beside the parameters. Columns of initial_* and constant are sorted sentences.
  struct Input {
    ConstMatrixRef<S> x;            ///< inputs × N, or × fewer that are shared
    std::span<const Index> column;  ///< by step and sentence: the column of x; empty: each has its own, in order
    const Packing& packing;
    ConstMatrixRef<S> initial_hidden;  ///< H × B; empty: zero
    ConstMatrixRef<S> initial_memory;  ///< H × B; empty: zero, or no memory
    ConstMatrixRef<S> constant;  ///< k: constants × B, or empty; read by backward(). Fed: × N, read by advance()
    ConstMatrixRef<S> constant_product;  ///< C·k: G·H × B, or empty; read by forward(). Fed: empty
  };

  /// product (G·H × B) = C·k: once for a sentence, not for each step.
  void constant_product(const Arena<S>& values, ConstMatrixRef<S> constant, Matrix<S>& product) const;

  /// Computes cache.hidden (and memory). `recurrent_dropout` is the random stream and probability of the mask.
  void forward(const Arena<S>& values, const Input& input, std::optional<Random> random, double recurrent_dropout,
               RecurrentCache<S>& cache) const;

  /// forward() in pieces, where inputs are made on the way: begin(), then advance() from the first step to the last.
  /// Shared columns of x are there from the beginning, others when their step comes. A layer that is fed advances by
  /// single steps.
  void begin(const Arena<S>& values, const Input& input, std::optional<Random> random, double recurrent_dropout,
             RecurrentCache<S>& cache) const;
  void advance(const Arena<S>& values, const Input& input, Steps steps, RecurrentCache<S>& cache) const;

  struct Gradients {
    ConstMatrixRef<S> d_output;  ///< H × N: ∂L/∂h_t from above; empty: zero
    MatrixRef<S> d_hidden;       ///< H × B; in: of the final hidden state; out: of the initial one, if it was given
    MatrixRef<S> d_memory;       ///< the same for memory; empty without
    MatrixRef<S> d_x;            ///< as x; added to
    MatrixRef<S> d_constant;     ///< constants × B (fed: × N); added to; empty without
    Buffer<S>& transposed;       ///< working memory, for any layer: Uᵀ, with which products are faster
    /// Where wanted: H × N, the whole ∂L/∂h_t, from above and from later steps. The LSTM's memory stands beside h_t:
    /// what reaches the loss through c_t alone is not in it. Null: not kept.
    Buffer<S>* d_states = nullptr;
  };

  /// Turns the cache's gates into gradients: call once after each forward(). The parameters' gradients are terms of the
  /// cache, input.x and input.constant, which must outlive them.
  void backward(const Arena<S>& values, const Input& input, RecurrentCache<S>& cache, GradientTerms<S>& terms,
                Gradients& gradients) const;

  /// backward() in pieces: begin, then retreat() from the last step to the first, then finish. What advance() read
  /// after begin() has its gradient after retreat(), the rest after finish. `transposed` is the layer's own until then.
  void begin_backward(const Arena<S>& values, const Input& input, RecurrentCache<S>& cache, Gradients& gradients) const;
  void retreat(const Arena<S>& values, const Input& input, Steps steps, RecurrentCache<S>& cache,
               Gradients& gradients) const;
  void finish_backward(const Arena<S>& values, const Input& input, RecurrentCache<S>& cache, GradientTerms<S>& terms,
                       Gradients& gradients) const;

  /// After backward(): ∂L/∂x of each column (inputs × N, overwritten), apart where steps share a column of x.
  void input_gradients(const Arena<S>& values, const RecurrentCache<S>& cache, Buffer<S>& d_x) const;

  /// Copies the last hidden state and memory of each sentence into H × B blocks.
  void final_state(const Packing& packing, const RecurrentCache<S>& cache, MatrixRef<S> hidden,
                   MatrixRef<S> memory) const;

  /// What the size of a cache depends on.
  struct CacheShape {
    Index columns;
    Index sentences;
    Index shared;  ///< columns of x that are shared; 0: none are
    bool recurrent_dropout;
    bool zero_start;  ///< no initial state is given
  };
  /// Scalars that a cache holds after forward() and backward().
  Index cache_size(const CacheShape& shape) const;
  /// And the working memory.
  Index transposed_size() const { return gate_rows() * shape_.hidden; }

  bool has_memory() const;
  Index hidden_size() const { return shape_.hidden; }
  Index gate_rows() const;

 private:
  struct InitialState {
    ConstMatrixRef<S> hidden;
    ConstMatrixRef<S> memory;
  };

  /// Whether U·h is kept apart from W·x.
  bool separate() const;
  bool starts_at_zero(const Input& input) const;
  InitialState initial_state(const Input& input, RecurrentCache<S>& cache) const;
  /// W·x, b and C·k of the steps' columns, where x is not shared.
  void input_products(const Arena<S>& values, const Input& input, Steps steps, RecurrentCache<S>& cache) const;
  /// Pre-activations of a step's columns from the shared W·x.
  void gather_shared(const Arena<S>& values, const Input& input, Index begin, Index columns,
                     RecurrentCache<S>& cache) const;
  /// Adds the gradients of columns to those of the shared W·x.
  void scatter_shared(const Input& input, Index begin, Index columns, RecurrentCache<S>& cache) const;
  void normalise_input(const Arena<S>& values, Index begin, Index columns, RecurrentCache<S>& cache) const;

  template <template <class> class Cell>
  void forward_steps(const Arena<S>& values, const Input& input, Steps steps, RecurrentCache<S>& cache) const;
  template <template <class> class Cell>
  void backward_steps(const Arena<S>& values, const Input& input, Steps steps, RecurrentCache<S>& cache,
                      Gradients& gradients) const;

  RecurrentShape shape_;
  TensorId input_weights_;
  TensorId recurrent_weights_;
  TensorId constant_weights_;
  TensorId bias_;
  TensorId recurrent_bias_;
  std::optional<LayerNorm<S>> input_norm_;
  std::optional<LayerNorm<S>> recurrent_norm_;
};

}  // namespace isthmus
