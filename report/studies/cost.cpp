// The time of sentences by their length.
#include <fmt/format.h>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

std::string setting_text(const Cell& operation, const Cell& batch, const Cell& threads) {
  const std::int64_t count = std::get<std::int64_t>(threads);
  return fmt::format("{}, batch {}, {} thread{}", std::get<std::string>(operation), std::get<std::int64_t>(batch),
                     count, count == 1 ? "" : "s");
}

}  // namespace

std::vector<Figure> cost_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns{{.key = "operation", .title = "operation"},
                              {.key = "batch", .title = "batch"},
                              {.key = "threads", .title = "threads"},
                              {.key = "length", .title = "pieces"},
                              {.key = "repetitions", .title = "repetitions", .rank = 3},
                              {.key = "seconds", .title = "seconds of a round", .decimals = 4, .rank = 2},
                              {.key = "seconds_low", .audience = Audience::kMachines},
                              {.key = "seconds_high", .audience = Audience::kMachines},
                              {.key = "sentence_ms", .title = "ms a sentence", .decimals = 3},
                              {.key = "sentence_ms_low", .title = "least", .decimals = 3, .rank = 1},
                              {.key = "sentence_ms_high", .title = "most", .decimals = 3, .rank = 1}};
  Table table = measured_table(ledger, analysis, "time_cost", "", columns);
  table.columns.push_back({.key = "setting", .audience = Audience::kMachines});
  for (std::vector<Cell>& row : table.rows) row.emplace_back(setting_text(row[1], row[2], row[3]));
  table.notes = {
      "Medians, with the least and the most. These are times of one machine at one moment: the study done again gives "
      "others. Forced is the control: what is written is known before, and only the recurrence waits."};
  std::vector<Figure> figures;
  for (const auto& [title, alone] :
       {std::pair("Time of a sentence alone", true), std::pair("Time in batches", false)}) {
    Table part = table;
    part.title = title;
    std::erase_if(
        part.rows,
        // Clang 14 captures no structured binding by its name.
        [is_alone = alone](const std::vector<Cell>& row) { return (row[2] == Cell(std::int64_t{1})) != is_alone; });
    Chart chart{.title = fmt::format("{}, by length", title),
                .x = "length",
                .series = {{"sentence_ms", "sentence_ms_low", "sentence_ms_high", "ms a sentence"}},
                .group = "setting",
                .x_title = "length, pieces",
                .y_title = "ms a sentence, with least and most",
                .from_zero = true};
    figures.push_back({.table = std::move(part), .charts = {std::move(chart)}});
  }
  return figures;
}

}  // namespace isthmus
