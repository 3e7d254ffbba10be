// Norms of gradients against the distance from the end of the source.
#include <algorithm>
#include <string>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

Figure figure_of(Table table, const std::string& quantity, const std::string& title) {
  const auto text_at = [&](const std::vector<Cell>& row, std::size_t column) {
    const auto* text = std::get_if<std::string>(&row[column]);
    return text == nullptr ? std::string() : *text;
  };
  std::erase_if(table.rows, [&](const std::vector<Cell>& row) { return text_at(row, 1) != quantity; });
  const bool both = std::any_of(table.rows.begin(), table.rows.end(),
                                [&](const std::vector<Cell>& row) { return text_at(row, 3) == "backward"; });
  table.key = "gradient_norm_" + quantity;
  table.title = title;
  table.columns.push_back({.key = "curve", .audience = Audience::kMachines});
  for (std::vector<Cell>& row : table.rows) {
    row.emplace_back(both ? text_at(row, 2) + ", " + text_at(row, 3) : text_at(row, 2));
  }
  Chart chart{.title = title,
              .x = "distance",
              .series = {{"geometric_mean", "geometric_low", "geometric_high", "geometric mean"},
                         {"fitted", "", "", "exponential fit"}},
              .group = "curve",
              .x_title = "steps before the last",
              .y_title = "norm, of that at distance 0",
              .log_y = true};
  const auto bound = std::find_if(table.columns.begin(), table.columns.end(),
                                  [](const Column& column) { return column.key == "bound"; });
  const auto at = static_cast<std::size_t>(bound - table.columns.begin());
  if (std::any_of(table.rows.begin(), table.rows.end(),
                  [at](const std::vector<Cell>& row) { return std::holds_alternative<double>(row[at]); })) {
    chart.series.push_back({"bound", "", "", "bound"});
  }
  return {.table = std::move(table), .charts = {std::move(chart)}};
}

}  // namespace

std::vector<Figure> gradients_figures(LedgerReader& ledger, AnalysisId analysis) {
  const Table table = measured_table(ledger, analysis, "gradient_norm", "",
                                     {{.key = "quantity", .audience = Audience::kMachines},
                                      {.key = "weights", .title = "weights"},
                                      {.key = "direction", .title = "direction", .rank = 3},
                                      {.key = "distance", .title = "distance"},
                                      {.key = "sentences", .title = "sentences", .rank = 2},
                                      {.key = "mean", .title = "mean", .decimals = 4, .rank = 1},
                                      {.key = "low", .audience = Audience::kMachines},
                                      {.key = "high", .audience = Audience::kMachines},
                                      {.key = "geometric_mean", .title = "geometric mean", .decimals = 4},
                                      {.key = "geometric_low", .title = "low", .decimals = 4},
                                      {.key = "geometric_high", .title = "high", .decimals = 4},
                                      {.key = "fitted", .title = "fit", .decimals = 4, .rank = 1},
                                      {.key = "bound", .title = "bound", .decimals = 4, .rank = 1}});
  return {figure_of(table, "state", "Gradient of the loss at each hidden state of the encoder"),
          figure_of(table, "input", "Derivative of the context by each word vector")};
}

}  // namespace isthmus
