// From source tokens to the context vector.
#pragma once

#include <optional>
#include <vector>

#include "model/buffer.h"
#include "model/embedding.h"
#include "model/recurrent_layer.h"

namespace isthmus {

/// One layer of an encoder, one or two directions.
template <class S>
struct EncoderLayerCache {
  Buffer<S> x;  ///< input, dropped out; of the first layer: a column for each distinct token
  Buffer<S> mask;
  RecurrentCache<S> forward;
  RecurrentCache<S> backward;
  Buffer<S> d_output;           ///< of the hidden states; of the last layer it is the caller's
  Buffer<S> mirrored_d_output;  ///< of the backward direction's
  Buffer<S> d_x;
};

/// How much of a gradient reached each step of one direction. Columns are those of the source's packing: step t of the
/// direction's own reading.
template <class S>
struct DirectionTrace {
  Buffer<S> d_hidden;  ///< H × N (two directions: H/2): ∂L/∂h_t of the last layer, all that flows through it
  Buffer<S> d_x;       ///< E × N: ∂L/∂x_t by way of this direction of the first layer, x_t the word vector it read
};

template <class S>
struct EncoderTrace {
  DirectionTrace<S> forward;
  DirectionTrace<S> backward;  ///< empty with one direction
};

template <class S>
struct EncoderCache {
  DistinctTokens tokens;
  std::vector<EncoderLayerCache<S>> layers;
  std::vector<Index> mirror;        ///< the sentences read from their ends: columns of the layers above the first
  std::vector<Index> mirror_token;  ///< and of the first
  Buffer<S> outputs;                ///< of the last layer, where two directions make them
  Buffer<S> d_hidden;
  Buffer<S> d_memory;
  std::optional<EncoderTrace<S>> trace;  ///< filled by backward() where there is one
};

/// Embedding and recurrent layers. A token that occurs several times is looked up, dropped out (Merity et al. 2018: one
/// mask for all its occurrences) and multiplied with the first layer's weights once. With two directions each has half
/// of the units, and their outputs and final states stand above one another, so that the context has the same size
/// either way. Const: one object serves many threads.
template <class S>
class Encoder {
 public:
  Encoder(Layout& layout, const ModelOptions& options);

  /// state: the final hidden states (and memories) of all layers, columns in sorted order.
  void forward(const Arena<S>& values, const TokenGrid& source, std::optional<Random> dropout, EncoderCache<S>& cache,
               RnnState<S>& state) const;
  /// After forward(): the annotations, what the last layer gives at each token (H × N).
  const Buffer<S>& outputs(EncoderCache<S>& cache) const;
  /// d_outputs: gradient of the annotations; empty where none are read. d_state is used up. `source` and the cache must
  /// outlive the terms; `transposed` is working memory.
  void backward(const Arena<S>& values, const TokenGrid& source, const Buffer<S>& d_outputs, RnnState<S>& d_state,
                EncoderCache<S>& cache, Buffer<S>& transposed, GradientTerms<S>& terms) const;

  /// Scalars that a cache holds after forward() and backward() over so many columns and sentences.
  Index cache_size(Index columns, Index sentences) const;

  const Embedding<S>& embedding() const { return embedding_; }

 private:
  struct Layer {
    RecurrentLayer<S> forward;
    std::optional<RecurrentLayer<S>> backward;
  };

  /// Of a layer: its first direction, or the one that reads from the end.
  typename RecurrentLayer<S>::Input input_of(std::size_t layer, bool from_end, const Packing& packing,
                                             const EncoderCache<S>& cache) const;

  /// x (H × N) = the hidden states of a layer, columns in reading order.
  void read_layer(std::size_t layer, const EncoderCache<S>& cache, Buffer<S>& x) const;

  ModelOptions options_;
  Embedding<S> embedding_;
  std::vector<Layer> layers_;
};

/// columns.col(i) = matrix.col(indices[i]). `columns` has its size already.
template <class S>
void gather_columns(ConstMatrixRef<S> matrix, const std::vector<Index>& indices, MatrixRef<S> columns);

/// columns.col(indices[i]) = matrix.col(i): the way back, for a permutation.
template <class S>
void scatter_columns(ConstMatrixRef<S> matrix, const std::vector<Index>& indices, MatrixRef<S> columns);

}  // namespace isthmus
