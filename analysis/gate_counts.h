// Counts over the activations of a network's gates.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/laboratory.h"

namespace isthmus {

/// A kind of activation in one direction of one layer.
struct Gate {
  std::string side;       ///< "encoder" or "decoder"
  std::int64_t layer;     ///< from 0
  std::string direction;  ///< "forward" or "backward"
  std::string name;       ///< "input", "forget", …
  bool is_sigmoid;        ///< in 0 … 1; else a tanh, in −1 … 1
  Index units;
};

/// The gates of a network: those of the encoder, layer by layer, then the decoder's.
std::vector<Gate> gates_of(const ModelOptions& shape);

inline constexpr std::size_t kGateBins = 20;

struct GateCounts {
  std::int64_t values = 0;
  double sum = 0;
  std::int64_t left = 0;   ///< σ < 0.05, tanh < −0.99
  std::int64_t right = 0;  ///< σ > 0.95, tanh > 0.99
  std::array<std::int64_t, kGateBins> bins{};
  std::vector<std::int64_t> saturated_steps;  ///< by unit: left or right
  std::vector<double> sentence_saturated;     ///< by sentence of the text: left or right
  std::vector<double> sentence_values;

  double share(std::int64_t part) const {
    return values == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(values);
  }
  double mean() const { return values == 0 ? 0.0 : sum / static_cast<double>(values); }
  double saturated() const { return share(left + right); }
  /// Share of units that are saturated in so large a share of the steps.
  double units_saturated_in(double steps) const;
};

/// Of each of gates_of(), over all steps of the text's sources and references under these weights.
std::vector<GateCounts> count_gates(Laboratory& laboratory, const Arena<float>& weights);

}  // namespace isthmus
