// Probes of the context vector beside their controls: a bar for each task, a line over the places of a sentence.
#include <string>
#include <utility>
#include <vector>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

/// Accuracies of the table probe_comparison, the study's own column first.
constexpr std::pair<const char*, const char*> kAccuracies[] = {{"context", "context vector"},
                                                               {"embeddings", "bag of words"},
                                                               {"untrained", "untrained encoder"},
                                                               {"majority", "majority"},
                                                               {"random_labels", "random labels"}};

constexpr std::pair<const char*, const char*> kTasks[] = {{"length", "length"},
                                                          {"content", "words"},
                                                          {"recall", "word at a place"},
                                                          {"shift", "neighbours swapped"},
                                                          {"order", "which came first"}};

std::vector<Column> columns() {
  std::vector<Column> all{{.key = "task", .title = "task"}, {.key = "position", .title = "place", .is_name = true}};
  for (const auto& [key, title] : kAccuracies) {
    const std::string name(key);
    const int rank = name == "context" ? 0 : name == "random_labels" ? 2 : 1;
    all.push_back({.key = name, .title = title, .decimals = 1, .rank = rank});
    all.push_back({.key = name + "_low",
                   .title = "low",
                   .decimals = 1,
                   .audience = name == "context" ? Audience::kAll : Audience::kMachines,
                   .rank = 4});
    all.push_back({.key = name + "_high",
                   .title = "high",
                   .decimals = 1,
                   .audience = name == "context" ? Audience::kAll : Audience::kMachines,
                   .rank = 4});
  }
  all.push_back({.key = "selectivity", .title = "selectivity", .decimals = 1, .rank = 3});
  all.push_back({.key = "n", .title = "tested", .rank = 5});
  return all;
}

std::size_t place_of(const Table& table, const std::string& key) {
  std::size_t place = 0;
  while (table.columns[place].key != key) ++place;
  return place;
}

/// The rows of the comparison that `keep` keeps of a position, which is 0 for a whole task.
template <class Keep>
Table rows_where(const Table& all, const std::string& key, const std::string& title, const Keep& keep) {
  Table kept = all;
  kept.key = key;
  kept.title = title;
  kept.rows.clear();
  const std::size_t position = place_of(all, "position");
  for (const std::vector<Cell>& row : all.rows) {
    const auto* place = std::get_if<std::int64_t>(&row[position]);
    if (keep(place ? *place : std::int64_t{0})) kept.rows.push_back(row);
  }
  return kept;
}

void drop_column(Table& table, const std::string& key) {
  const auto place = static_cast<std::ptrdiff_t>(place_of(table, key));
  table.columns.erase(table.columns.begin() + place);
  for (std::vector<Cell>& row : table.rows) row.erase(row.begin() + place);
}

std::vector<Series> series(bool control_intervals) {
  std::vector<Series> all;
  for (const auto& [key, title] : kAccuracies) {
    const std::string name(key);
    Series one{.y = name, .title = title};
    if (control_intervals || name == "context") {
      one.low = name + "_low";
      one.high = name + "_high";
    }
    all.push_back(std::move(one));
  }
  return all;
}

Figure tasks_figure(const Table& all) {
  Table table = rows_where(all, "probe_vs_control", "Probes and their controls, accuracy in percent",
                           [](std::int64_t place) { return place == 0; });
  drop_column(table, "position");
  const std::size_t task = place_of(table, "task");
  for (std::vector<Cell>& row : table.rows) {
    for (const auto& [name, title] : kTasks) {
      if (std::get<std::string>(row[task]) == name) row[task] = std::string(title);
    }
  }
  table.notes = {
      "Intervals are 95 %, over test sentences and seeds. Selectivity: points over the same probe with random "
      "labels."};
  return {.table = std::move(table),
          .charts = {{.kind = ChartKind::kBar,
                      .title = "What a linear probe reads, beside its controls",
                      .x = "task",
                      .series = series(true),
                      .y_title = "accuracy in percent"}}};
}

Figure recall_figure(const Table& all, int side) {
  const bool begins = side > 0;
  Table table = rows_where(all, begins ? "recall_from_beginning" : "recall_from_end",
                           begins ? "Words told by their place from the beginning of the source"
                                  : "Words told by their place from the end of the source",
                           [side](std::int64_t place) { return place * side > 0; });
  const std::size_t position = place_of(table, "position");
  for (std::vector<Cell>& row : table.rows) row[position] = side * std::get<std::int64_t>(row[position]);
  return {.table = std::move(table),
          .charts = {{.title = begins ? "Words told, from the beginning" : "Words told, from the end",
                      .x = "position",
                      .series = series(false),
                      .x_title = begins ? "place of the word; 1 is the first" : "place of the word; 1 is the last",
                      .y_title = "accuracy in percent",
                      .from_zero = true}}};
}

}  // namespace

std::vector<Figure> probes_figures(LedgerReader& ledger, AnalysisId analysis) {
  const Table all = measured_table(ledger, analysis, "probe_comparison", "", columns());
  std::vector<Figure> figures{tasks_figure(all)};
  for (const int side : {1, -1}) {
    Figure figure = recall_figure(all, side);
    drop_column(figure.table, "task");
    if (!figure.table.rows.empty()) figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace isthmus
