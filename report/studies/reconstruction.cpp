// How much of the source a new decoder gives back, by place and by length.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

Figure figure_of(Table table, const std::string& scope, const std::string& title, const std::string& x_title) {
  std::erase_if(table.rows, [&](const std::vector<Cell>& row) { return row[1] != Cell(scope); });
  table.key = "reconstruction_by_" + scope;
  table.title = title;
  Chart chart{.title = title,
              .x = "from_number",
              .series = {{"accuracy", "low", "high", "accuracy"}},
              .group = "contexts",
              .x_title = x_title,
              .y_title = "% of the pieces, with 95 % interval",
              .from_zero = true};
  return {.table = std::move(table), .charts = {std::move(chart)}};
}

}  // namespace

std::vector<Figure> reconstruction_figures(LedgerReader& ledger, AnalysisId analysis) {
  const Table table = measured_table(ledger, analysis, "reconstruction_accuracy", "",
                                     {{.key = "scope", .audience = Audience::kMachines},
                                      {.key = "contexts", .title = "contexts"},
                                      {.key = "from_number", .title = "from"},
                                      {.key = "to_number", .title = "to"},
                                      {.key = "sentences", .title = "sentences", .rank = 2},
                                      {.key = "pieces", .title = "pieces", .rank = 1},
                                      {.key = "accuracy", .title = "% right", .decimals = 1},
                                      {.key = "low", .title = "low", .decimals = 1},
                                      {.key = "high", .title = "high", .decimals = 1}});
  return {figure_of(table, "position", "Pieces given back by their place in the source", "place, from 1"),
          figure_of(table, "length", "Pieces given back by the length of the source", "pieces of the source, from")};
}

}  // namespace isthmus
