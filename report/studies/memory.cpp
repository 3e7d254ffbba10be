// How much a piece of the source weighs, by its distance from either end.
#include <algorithm>

#include "report/studies/intervals.h"
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

/// The rows that count from one end.
Table counted_from(const Table& table, const std::string& end, const std::string& title) {
  Table part = table;
  part.title = title;
  part.key = "memory_from_" + end;
  std::erase_if(part.rows, [&](const std::vector<Cell>& row) { return row[1] != Cell(end); });
  return part;
}

Chart chart_of(const std::string& title, std::vector<Series> series, const std::string& axis) {
  return {.title = title,
          .x = "distance",
          .series = std::move(series),
          .group = "change",
          .x_title = "distance, pieces",
          .y_title = axis + ", with 95 % interval"};
}

}  // namespace

std::vector<Figure> memory_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns{{.key = "counted_from", .audience = Audience::kMachines},
                              {.key = "change", .title = "piece"},
                              {.key = "distance", .title = "distance"},
                              {.key = "sentences", .title = "sentences"}};
  for (const auto& more :
       {with_interval("context_change", "context changes by", 4), with_interval("loss_rise", "loss rises by", 3),
        with_interval("untrained_context_change", "untrained context", 4)}) {
    columns.insert(columns.end(), more.begin(), more.end());
  }
  columns.push_back({.key = "self_context_change", .title = "by itself", .decimals = 4, .rank = 2});
  columns.push_back({.key = "self_loss_rise", .audience = Audience::kMachines});
  columns.push_back({.key = "thin", .audience = Audience::kMachines});
  Table all = measured_table(ledger, analysis, "memory_distance", "", columns);
  show_intervals(all);
  all.notes = {
      "Distances in the order of reading. Context: ‖c' − c‖/‖c‖; loss: nats a sentence. By itself: the piece is "
      "replaced "
      "by itself, the control."};
  std::vector<Figure> figures;
  for (const auto& [end, title, from] : {std::tuple("end", "By distance from the last piece read", "last"),
                                         std::tuple("begin", "By distance from the first piece read", "first")}) {
    const std::string of = std::string(" by distance from the ") + from + " piece read";
    figures.push_back({.table = counted_from(all, end, title),
                       .charts = {chart_of("Change of the context" + of,
                                           {{"context_change", "context_change_low", "context_change_high", "trained"},
                                            {"untrained_context_change", "untrained_context_change_low",
                                             "untrained_context_change_high", "untrained"}},
                                           "‖c' − c‖/‖c‖"),
                                  chart_of("Rise of the loss" + of,
                                           {{"loss_rise", "loss_rise_low", "loss_rise_high", "rise of the loss"}},
                                           "nats a sentence")}});
  }
  return figures;
}

}  // namespace isthmus
