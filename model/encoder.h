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
  Buffer<S> x;  ///< input, dropped out
  Buffer<S> mask;
  RecurrentCache<S> forward;
  Buffer<S> mirrored_x;  ///< the input read from each sentence's end
  RecurrentCache<S> backward;
  Buffer<S> output;             ///< H × N, columns in reading order
  Buffer<S> d_output;           ///< of `output`
  Buffer<S> mirrored_d_output;  ///< of the backward direction's
  Buffer<S> d_x;
  Buffer<S> mirrored_d_x;
};

template <class S>
struct EncoderCache {
  std::vector<EncoderLayerCache<S>> layers;
  std::vector<Index> mirror;
  Buffer<S> zeros;
  Buffer<S> d_hidden;
  Buffer<S> d_memory;
};

/// Embedding and recurrent layers. With two directions each has half of the units, and their outputs and final states
/// stand above one another, so that the context has the same size either way. Const: one object serves many threads.
template <class S>
class Encoder {
 public:
  Encoder(Layout& layout, const ModelOptions& options);

  /// state: the final hidden states (and memories) of all layers, columns in sorted order.
  void forward(const Arena<S>& values, const TokenGrid& source, std::optional<Random> dropout, EncoderCache<S>& cache,
               RnnState<S>& state) const;
  /// d_state is used up. `source` and the cache must outlive the terms.
  void backward(const Arena<S>& values, const TokenGrid& source, RnnState<S>& d_state, EncoderCache<S>& cache,
                GradientTerms<S>& terms) const;

  /// Scalars that a cache holds after forward() and backward() over so many columns and sentences.
  Index cache_size(Index columns, Index sentences) const;

  const Embedding<S>& embedding() const { return embedding_; }

 private:
  struct Layer {
    RecurrentLayer<S> forward;
    std::optional<RecurrentLayer<S>> backward;
  };

  typename RecurrentLayer<S>::Input input_of(ConstMatrixRef<S> x, const Packing& packing, EncoderCache<S>& cache) const;

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
