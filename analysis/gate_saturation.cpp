#include "analysis/gate_saturation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/estimates.h"
#include "analysis/gate_counts.h"
#include "analysis/study.h"
#include "analysis/untrained.h"

namespace isthmus {
namespace {

/// The control beside the model.
struct Measured {
  std::vector<Gate> gates;
  std::vector<GateCounts> model;
  std::vector<GateCounts> untrained;
};

/// Share of the saturated among all gates of that kind on one side.
Estimate share_of(const std::vector<Gate>& gates, const std::vector<GateCounts>& counts, const std::string& side,
                  bool is_sigmoid, const StudyOptions& options) {
  std::vector<double> saturated(counts.front().sentence_values.size()), values(saturated.size());
  for (std::size_t i = 0; i < gates.size(); ++i) {
    if (gates[i].side != side || gates[i].is_sigmoid != is_sigmoid) continue;
    for (std::size_t s = 0; s < values.size(); ++s) {
      saturated[s] += counts[i].sentence_saturated[s];
      values[s] += counts[i].sentence_values[s];
    }
  }
  return ratio_of_sums(saturated, values, options.resamples, options.seed);
}

MeasurementRows figure_rows(const Measured& measured, const StudyOptions& options) {
  MeasurementRows rows{
      .table = "gate_figures",
      .columns = {"side", "layer", "direction", "gate", "activation", "units", "steps", "mean", "left_share",
                  "right_share", "saturated", "saturated_low", "saturated_high", "stuck_units", "untrained_mean",
                  "untrained_left_share", "untrained_right_share", "untrained_saturated", "untrained_stuck_units"}};
  constexpr double kStuck = 0.95;
  for (std::size_t i = 0; i < measured.gates.size(); ++i) {
    const Gate& gate = measured.gates[i];
    const GateCounts& model = measured.model[i];
    const GateCounts& control = measured.untrained[i];
    const Estimate saturated =
        ratio_of_sums(model.sentence_saturated, model.sentence_values, options.resamples, options.seed);
    rows.rows.push_back({gate.side, gate.layer, gate.direction, gate.name,
                         std::string(gate.is_sigmoid ? "sigmoid" : "tanh"), static_cast<std::int64_t>(gate.units),
                         model.values / static_cast<std::int64_t>(gate.units), model.mean(), model.share(model.left),
                         model.share(model.right), saturated.value, saturated.low, saturated.high,
                         model.units_saturated_in(kStuck), control.mean(), control.share(control.left),
                         control.share(control.right), control.saturated(), control.units_saturated_in(kStuck)});
  }
  return rows;
}

MeasurementRows bin_rows(const Measured& measured) {
  MeasurementRows rows{.table = "gate_bins",
                       .columns = {"side", "layer", "direction", "gate", "activation", "from_value", "to_value",
                                   "share", "untrained_share"}};
  for (std::size_t i = 0; i < measured.gates.size(); ++i) {
    const Gate& gate = measured.gates[i];
    const double least = gate.is_sigmoid ? 0 : -1;
    const auto end = [&](std::size_t bin) {
      return least + (1 - least) * static_cast<double>(bin) / static_cast<double>(kGateBins);
    };
    for (std::size_t bin = 0; bin < kGateBins; ++bin) {
      rows.rows.push_back({gate.side, gate.layer, gate.direction, gate.name,
                           std::string(gate.is_sigmoid ? "sigmoid" : "tanh"), end(bin), end(bin + 1),
                           measured.model[i].share(measured.model[i].bins[bin]),
                           measured.untrained[i].share(measured.untrained[i].bins[bin])});
    }
  }
  return rows;
}

Estimate percent(const Estimate& share) { return {100 * share.value, 100 * share.low, 100 * share.high}; }

/// The gate of the encoder with the largest share of saturated activations.
std::string most_saturated(const Measured& measured) {
  std::size_t most = 0;
  for (std::size_t i = 1; i < measured.gates.size() && measured.gates[i].side == "encoder"; ++i) {
    if (measured.model[i].saturated() > measured.model[most].saturated()) most = i;
  }
  const Gate& gate = measured.gates[most];
  const std::string direction = gate.direction == "forward" ? "" : ", " + gate.direction;
  return fmt::format("{} (layer {}{}): {:.1f} %, untrained {:.1f} %", gate.name, gate.layer, direction,
                     100 * measured.model[most].saturated(), 100 * measured.untrained[most].saturated());
}

}  // namespace

StudyResult saturation_study(Laboratory& laboratory, const StudyOptions& options) {
  laboratory.begin("saturation", 3);
  Measured measured{gates_of(laboratory.network().options()), count_gates(laboratory, laboratory.values()), {}};
  laboratory.advance();
  measured.untrained = count_gates(laboratory, untrained_values(laboratory, options.seed));
  laboratory.advance();

  StudyResult result;
  const auto find = [&](const std::string& side, bool is_sigmoid) {
    const Estimate model = share_of(measured.gates, measured.model, side, is_sigmoid, options);
    const Estimate control = share_of(measured.gates, measured.untrained, side, is_sigmoid, options);
    if (std::isnan(model.value)) return std::pair(model, control);  // a plain network has no gates
    const std::string name = side + (is_sigmoid ? "_gates" : "_units");
    result.findings.push_back(finding(name, "%", percent(model)));
    result.findings.push_back(finding("untrained_" + name, "%", percent(control)));
    return std::pair(model, control);
  };
  const auto [gates, untrained_gates] = find("encoder", true);
  const auto [units, untrained_units] = find("encoder", false);
  find("decoder", true);
  find("decoder", false);
  result.tables = {figure_rows(measured, options), bin_rows(measured)};
  laboratory.advance();

  result.verdict = fmt::format("Of the encoder's tanh activations {} % lie beyond ±0.99 (untrained {:.1f} %)",
                               in_words(percent(units)), 100 * untrained_units.value);
  if (std::isfinite(gates.value)) {
    result.verdict += fmt::format(", of its gates {} % are shut or open, below 0.05 or above 0.95 (untrained {:.1f} %)",
                                  in_words(percent(gates)), 100 * untrained_gates.value);
  }
  result.verdict += ". Most saturated is " + most_saturated(measured) + ".";
  const CellType cell = laboratory.network().options().cell;
  const char* const gates_in_words =
      cell == CellType::kLstm
          ? " Gates that are shut or open are no harm by themselves: an open forget gate is how an LSTM "
            "remembers."
      : cell == CellType::kGru
          ? " Gates that are shut or open are no harm by themselves: an open update gate is how a GRU "
            "remembers."
          : "";
  constexpr double kMany = 0.3;
  result.meaning =
      units.value > kMany
          ? "Almost no gradient passes a unit at the end of its tanh, and here many are: a lower learning rate or "
            "--layer-norm keeps them in the middle."
          : std::string("Most units are where tanh still passes a gradient.") + gates_in_words;
  return result;
}

}  // namespace isthmus
