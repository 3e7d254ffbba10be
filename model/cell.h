// What a recurrent cell computes in one step, column by column. The products are the recurrent layer's.
//
// A new cell is one file with a class like these, a name in CellType (model/model_options.h) and a line in
// model/recurrent_layer.cpp:
//
//   template <class S> struct XCell {
//     static constexpr int kGates;               blocks of H rows in the pre-activations
//     static constexpr bool kHasMemory;          a memory cell beside the hidden state
//     static constexpr bool kSeparateRecurrent;  reads U·h apart from W·x (else the layer adds them up in `gates`)
//     static void forward(const CellForward<S>&);
//     static void backward(const CellBackward<S>&);
//   };
#pragma once

#include "model/matrix.h"

namespace isthmus {

/// One step of `columns` sentences. Matrices have one column each; gates and recurrent have G·H rows, the others H.
template <class S>
struct CellForward {
  Index hidden_size;
  Index columns;
  MatrixRef<S> gates;                 ///< in: pre-activations, W·x + b (+ U·h); out: activations
  ConstMatrixRef<S> recurrent;        ///< U·h + b_U of a cell that reads it apart; else empty
  ConstMatrixRef<S> previous_hidden;  ///< h_{t−1}
  ConstMatrixRef<S> previous_memory;  ///< c_{t−1}; empty without memory
  MatrixRef<S> hidden;                ///< out: h_t
  MatrixRef<S> memory;                ///< out: c_t; empty without memory
};

/// The same step backward.
template <class S>
struct CellBackward {
  Index hidden_size;
  Index columns;
  MatrixRef<S> gates;      ///< in: activations; out: gradient of the pre-activations of W·x
  MatrixRef<S> recurrent;  ///< in: U·h + b_U; out: gradient of it; empty unless kSeparateRecurrent
  ConstMatrixRef<S> previous_hidden;
  ConstMatrixRef<S> previous_memory;
  ConstMatrixRef<S> memory;  ///< c_t
  MatrixRef<S> d_hidden;     ///< in: ∂L/∂h_t; out: the part of ∂L/∂h_{t−1} that does not go through U
  MatrixRef<S> d_memory;     ///< in: ∂L/∂c_t from later steps; out: ∂L/∂c_{t−1}
};

}  // namespace isthmus
