// The gradients study: how far back does learning see? Gradients that pass through a recurrent layer are multiplied by
// its Jacobian once a step, so that they vanish or explode exponentially (Pascanu, Mikolov & Bengio 2013,
// https://proceedings.mlr.press/v28/pascanu13.html); the LSTM was made against it (Hochreiter & Schmidhuber 1997).
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct GradientsOptions {
  std::int64_t distance = 40;  ///< steps before the last that are looked at
  std::int64_t probes = 4;     ///< random directions of the context behind each norm of ∂c/∂x
};

void describe(OptionVisitor& visit, GradientsOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kGradientsStudyVersion = 1;

/// Norms of two gradients against the distance T − j, in steps of the direction's reading, from the encoder's last
/// state (which reads the end piece, distance 0) back to the word read at step j:
///
///   * state: ∂L/∂h_j, L the reference's −log p, h_j the last layer's hidden state: what learning gets to hear there
///   * input: ‖∂c/∂x_j‖_F, c the context, x_j the word vector; ‖·‖_F² is the mean of ‖vᵀ·∂c/∂x_j‖² over random signs v
///
/// Each is divided by its value at distance 0 of the same sentence. Rows: their mean and geometric mean over the
/// sentences that are long enough; of both the trained model and an untrained one of its shape. Of an rnn without layer
/// normalisation and attention also the bound σ_max(U)^distance (tanh' ≤ 1), which no `state` can exceed; the gates of
/// the other cells have paths that this U does not bound. Findings: factor a step and half-life of the exponential
/// that fits the geometric means (least squares of their logarithms, weighted by sentences) over distances from 1 on
/// that 20 sentences have: the end piece is the same in all and is left out.
StudyResult gradients_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
