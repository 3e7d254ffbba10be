// Units that count: how much few of them tell, and what the best one does step by step.
#include <string>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

const Column kHiddenSide{.key = "side", .audience = Audience::kMachines};

Table of_side(Table table, const std::string& side, const std::string& key, const std::string& title) {
  std::erase_if(table.rows, [&](const std::vector<Cell>& row) { return row[1] != Cell(side); });
  table.key = key + "_" + side;
  table.title = title;
  return table;
}

}  // namespace

std::vector<Figure> length_units_figures(LedgerReader& ledger, AnalysisId analysis) {
  const Table units = measured_table(ledger, analysis, "length_unit", "",
                                     {kHiddenSide,
                                      {.key = "variant", .title = "model"},
                                      {.key = "units", .title = "units"},
                                      {.key = "layer", .title = "layer", .rank = 2},
                                      {.key = "kind", .title = "kind"},
                                      {.key = "direction", .title = "direction", .rank = 4},
                                      {.key = "unit", .title = "unit", .is_name = true},
                                      {.key = "r2_selected", .title = "R² where selected", .decimals = 3, .rank = 1},
                                      {.key = "r2", .title = "R²", .decimals = 3},
                                      {.key = "low", .title = "low", .decimals = 3},
                                      {.key = "high", .title = "high", .decimals = 3}});
  Table values = measured_table(ledger, analysis, "length_unit_value", "",
                                {kHiddenSide,
                                 {.key = "line", .title = "line", .is_name = true},
                                 {.key = "step", .title = "step"},
                                 {.key = "number", .title = "pieces"},
                                 {.key = "value", .title = "best unit", .decimals = 3},
                                 {.key = "of_one", .title = "one unit says", .decimals = 1},
                                 {.key = "of_two", .title = "two say", .decimals = 1}});
  values.columns.push_back({.key = "sentence", .audience = Audience::kMachines});
  for (std::vector<Cell>& row : values.rows) {
    row.emplace_back("line " + std::to_string(std::get<std::int64_t>(row[2])));
  }
  std::vector<Figure> figures;
  for (const std::string side : {"encoder", "decoder"}) {
    const std::string counted = side == "encoder" ? "pieces read" : "pieces left to write";
    Figure& curve = figures.emplace_back();
    curve.table = of_side(units, side, "length_unit", "Units of the " + side + " that tell the number of " + counted);
    curve.charts = {{.title = curve.table.title,
                     .x = "units",
                     .series = {{"r2", "low", "high", "R²"}},
                     .group = "variant",
                     .x_title = "units, selected one after the other",
                     .y_title = "R² on other sentences"}};
    Figure& steps = figures.emplace_back();
    steps.table = of_side(values, side, "length_unit_value", "The best unit of the " + side + " in some sentences");
    steps.charts = {{.title = steps.table.title,
                     .x = "number",
                     .series = {{"value", "", "", "best unit"}},
                     .group = "sentence",
                     .x_title = counted,
                     .y_title = "value of the unit"}};
  }
  return figures;
}

}  // namespace isthmus
