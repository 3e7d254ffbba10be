// A row for each table of the studies that change the context: information, reliance, erasure, noise, quantise,
// project.
#pragma once

#include <string>
#include <vector>

#include "ledger/rows.h"

namespace isthmus::test {

inline std::vector<MeasurementRows> context_edit_rows() {
  const auto row = [](const char* table, const char* arm, const char* value, std::vector<std::string> whole) {
    MeasurementRows made{.table = table, .columns = {arm}, .rows = {{value}}};
    for (std::string& column : whole) {
      made.columns.push_back(std::move(column));
      made.rows[0].emplace_back(std::int64_t{1});
    }
    return made;
  };
  MeasurementRows lengths =
      row("information_length", "neutral", "mean", {"from_length", "to_length", "sentences", "thin"});
  lengths.columns.emplace_back("mean_length");
  lengths.rows[0].emplace_back(3.0);
  MeasurementRows units = row("erasure_unit", "arm", "zero", {"rank", "unit", "layer"});
  units.columns.emplace_back("kind");
  units.rows[0].emplace_back("hidden");
  return {lengths,
          row("information_position", "neutral", "mean", {"position", "sentences"}),
          row("reliance_position", "context", "swapped", {"position", "sentences"}),
          units,
          row("noise_effect", "arm", "noise", {"sentences"}),
          row("quantise_effect", "arm", "rounded", {"bits", "sentences"}),
          row("project_effect", "arm", "principal", {"axes", "sentences"})};
}

}  // namespace isthmus::test
