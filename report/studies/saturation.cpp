// Gates that are shut or open, beside those of the same network with first weights.
#include <fmt/format.h>

#include <string>
#include <variant>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

// Of both tables, after the study's number.
constexpr std::size_t kSide = 1, kLayer = 2, kDirection = 3, kGate = 4, kActivation = 5;

/// Adds a column for charts with the place and name of each row's gate.
void name_gates(Table& table) {
  table.columns.push_back({.key = "name", .title = "Gate", .audience = Audience::kMachines});
  for (std::vector<Cell>& row : table.rows) {
    const std::string& direction = std::get<std::string>(row[kDirection]);
    row.emplace_back(fmt::format("{} {}{}: {}", std::get<std::string>(row[kSide]), std::get<std::int64_t>(row[kLayer]),
                                 direction == "forward" ? "" : " " + direction, std::get<std::string>(row[kGate])));
  }
}

std::vector<Column> place_columns() {
  return {{.key = "side", .title = "Side"},
          {.key = "layer", .title = "Layer", .is_name = true},
          {.key = "direction", .title = "Direction", .rank = 4},
          {.key = "gate", .title = "Gate"},
          {.key = "activation", .title = "Activation", .rank = 3}};
}

Figure figures_figure(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns = place_columns();
  const auto share = [&](const char* key, const char* title, int rank) {
    columns.push_back({.key = key, .title = title, .decimals = 3, .rank = rank});
  };
  columns.push_back({.key = "units", .title = "Units", .rank = 5});
  columns.push_back({.key = "steps", .title = "Steps", .rank = 5});
  share("mean", "Mean", 0);
  share("left_share", "left", 2);
  share("right_share", "right", 2);
  share("saturated", "Saturated", 0);
  share("saturated_low", "from", 3);
  share("saturated_high", "to", 3);
  share("stuck_units", "stuck units", 1);
  share("untrained_mean", "Untrained: mean", 2);
  columns.push_back({.key = "untrained_left_share", .audience = Audience::kMachines});
  columns.push_back({.key = "untrained_right_share", .audience = Audience::kMachines});
  share("untrained_saturated", "saturated", 0);
  share("untrained_stuck_units", "stuck", 2);
  Figure figure{.table = measured_table(ledger, analysis, "gate_figures", "Saturated activations", columns)};
  name_gates(figure.table);
  figure.table.notes = {
      "Shares of all units and steps. Left: a sigmoid under 0.05, a tanh under -0.99; right: over 0.95, over 0.99. "
      "Stuck: saturated in nineteen steps of twenty."};
  figure.charts = {{.kind = ChartKind::kBar,
                    .title = "Share of saturated activations by gate",
                    .x = "name",
                    .series = {{.y = "saturated", .low = "saturated_low", .high = "saturated_high", .title = "model"},
                               {.y = "untrained_saturated", .title = "untrained"}},
                    .x_title = "gate",
                    .y_title = "share, with 95 % interval"},
                   {.kind = ChartKind::kBar,
                    .title = "Mean activation by gate",
                    .x = "name",
                    .series = {{.y = "mean", .title = "model"}, {.y = "untrained_mean", .title = "untrained"}},
                    .x_title = "gate",
                    .y_title = "mean"}};
  return figure;
}

/// Histograms of the gates of one kind, the model's and the control's.
Figure bins_figure(const Table& all, const std::string& activation) {
  Figure figure{.table = all};
  figure.table.title = "Histograms: " + activation;
  figure.table.most_rows = 20;
  std::erase_if(figure.table.rows,
                [&](const std::vector<Cell>& row) { return std::get<std::string>(row[kActivation]) != activation; });
  const auto chart = [&](const char* y, const char* whose) {
    return Chart{.title = fmt::format("Activations ({}), {}", activation, whose),
                 .x = "from_value",
                 .series = {{.y = y}},
                 .group = "name",
                 .x_title = "activation: lower end of the bin",
                 .y_title = "share of units and steps",
                 .from_zero = true};
  };
  figure.charts = {chart("share", "model"), chart("untrained_share", "untrained")};
  return figure;
}

}  // namespace

std::vector<Figure> saturation_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Figure> figures{figures_figure(ledger, analysis)};
  std::vector<Column> columns = place_columns();
  columns.push_back({.key = "from_value", .title = "from", .decimals = 2});
  columns.push_back({.key = "to_value", .title = "to", .decimals = 2});
  columns.push_back({.key = "share", .title = "Share", .decimals = 4});
  columns.push_back({.key = "untrained_share", .title = "Untrained", .decimals = 4});
  Table all = measured_table(ledger, analysis, "gate_bins", "", columns);
  name_gates(all);
  for (const char* activation : {"sigmoid", "tanh"}) {
    Figure figure = bins_figure(all, activation);
    if (!figure.table.rows.empty()) figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace isthmus
