// The saturation study: how many gates are shut or open, how many units at the ends of tanh? What is saturated has no
// gradient to speak of. Gate statistics after Karpathy, Johnson and Li (2015, https://arxiv.org/abs/1506.02078).
#pragma once

#include <cstdint>

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kSaturationStudyVersion = 1;

/// Reads the activations of every layer, direction and step: of the encoder on the sources, of the decoder on the
/// references (teacher forcing). A sigmoid σ (LSTM: input, forget, output; GRU: reset, update) is saturated below 0.05
/// or above 0.95, a tanh (candidate; memory: tanh of an LSTM's cell; hidden: of a plain network) beyond ±0.99. The
/// control is the same network with first weights on the same text.
///
/// Tables: gate_figures (gate of a layer: mean, shares at either end, share of units that are saturated nineteen times
/// in twenty), gate_bins (twenty bins of its range). Findings, of the encoder and the decoder, each with `untrained_`
/// beside it:
///
///   * encoder_gates, decoder_gates: per cent of σ that are saturated; none of a plain network
///   * encoder_units, decoder_units: per cent of tanh that are saturated
///
/// Intervals are 95 % percentile bootstrap over sentences.
StudyResult saturation_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
