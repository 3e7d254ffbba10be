// From source tokens to the context vector.
#pragma once

#include <optional>
#include <vector>

#include "model/embedding.h"
#include "model/recurrent_layer.h"

namespace isthmus {

/// One layer of an encoder, one or two directions.
template <class S>
struct EncoderLayerCache {
  Matrix<S> x;  ///< input, dropped out
  Matrix<S> mask;
  RecurrentCache<S> forward;
  Matrix<S> mirrored_x;  ///< the input read from each sentence's end
  RecurrentCache<S> backward;
  Matrix<S> output;             ///< H × N, columns in reading order
  Matrix<S> d_output;           ///< of `output`
  Matrix<S> mirrored_d_output;  ///< of the backward direction's
  Matrix<S> d_x;
  Matrix<S> mirrored_d_x;
};

template <class S>
struct EncoderCache {
  std::vector<EncoderLayerCache<S>> layers;
  std::vector<Index> mirror;
  Matrix<S> zeros;
  Matrix<S> d_hidden;
  Matrix<S> d_memory;
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

  const Embedding<S>& embedding() const { return embedding_; }

 private:
  struct Layer {
    RecurrentLayer<S> forward;
    std::optional<RecurrentLayer<S>> backward;
  };

  typename RecurrentLayer<S>::Input input_of(const Matrix<S>& x, const Packing& packing, EncoderCache<S>& cache) const;

  ModelOptions options_;
  Embedding<S> embedding_;
  std::vector<Layer> layers_;
};

/// columns.col(i) = matrix.col(indices[i]).
template <class S>
void gather_columns(const Matrix<S>& matrix, const std::vector<Index>& indices, Matrix<S>& columns);

/// columns.col(indices[i]) = matrix.col(i): the way back, for a permutation.
template <class S>
void scatter_columns(const Matrix<S>& matrix, const std::vector<Index>& indices, Matrix<S>& columns);

}  // namespace isthmus
