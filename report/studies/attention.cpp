// Weights of attention as a picture for each sentence, and what they are on the average.
#include <fmt/format.h>

#include <algorithm>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

constexpr std::size_t kSentencesInTerminal = 2;
constexpr double kNotable = 0.05;  // weights from here on are worth a word

double weight_of(const std::vector<Cell>& row) { return std::get<double>(row.back()); }

/// "hond 0.83, de 0.10": where the weights of one target piece, rows [begin, end), are largest.
std::string largest(const Table& weights, std::size_t begin, std::size_t end) {
  std::vector<const std::vector<Cell>*> rows;
  for (std::size_t r = begin; r < end; ++r) rows.push_back(&weights.rows[r]);
  std::stable_sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return weight_of(*a) > weight_of(*b); });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, rows.size()); ++i) {
    if (i > 0 && weight_of(*rows[i]) < kNotable) break;
    text += fmt::format("{}{} {:.2f}", i == 0 ? "" : ", ", std::get<std::string>((*rows[i])[5]), weight_of(*rows[i]));
  }
  return text;
}

/// The first sentences, a row for each target piece. `weights` has the columns analysis, line, t, s, target piece,
/// source piece, weight, in this order of the rows.
Table places_table(const Table& weights) {
  Table table{.key = "attention_places",
              .title = "Where the pieces of the first translations look",
              .columns = {{.key = "line", .title = "line", .is_name = true},
                          {.key = "target_piece", .title = "piece", .least = 8},
                          {.key = "places", .title = "most weight", .least = 20}}};
  std::size_t sentences = 0;
  for (std::size_t begin = 0, end = 0; begin < weights.rows.size(); begin = end) {
    const std::vector<Cell>& row = weights.rows[begin];
    while (end < weights.rows.size() && weights.rows[end][1] == row[1] && weights.rows[end][2] == row[2]) ++end;
    if (begin == 0 || weights.rows[begin - 1][1] != row[1]) ++sentences;
    if (sentences > kSentencesInTerminal) break;
    table.rows.push_back({row[1], row[4], largest(weights, begin, end)});
  }
  return table;
}

}  // namespace

std::vector<Figure> attention_figures(LedgerReader& ledger, AnalysisId analysis) {
  Figure measures{.table = measured_table(ledger, analysis, "attention_measure", "Attention beside uniform attention",
                                          {{.key = "measure", .title = "measure"},
                                           {.key = "unit", .title = "unit"},
                                           {.key = "value", .title = "value", .decimals = 3},
                                           {.key = "low", .title = "low", .decimals = 3},
                                           {.key = "high", .title = "high", .decimals = 3},
                                           {.key = "uniform", .title = "uniform", .decimals = 3}})};
  measures.charts = {
      {.kind = ChartKind::kDot,
       .title = measures.table.title,
       .x = "measure",
       .series = {{"value", "low", "high", "this model"}, {.y = "uniform", .title = "uniform attention"}},
       .y_title = "nats, or share, with 95 % interval",
       .from_zero = true}};
  Figure weights{.table = measured_table(ledger, analysis, "attention_weight", "Weights of attention",
                                         {{.key = "line", .title = "line", .is_name = true},
                                          {.key = "t", .title = "t"},
                                          {.key = "s", .title = "s"},
                                          {.key = "target_piece", .title = "target piece"},
                                          {.key = "source_piece", .title = "source piece"},
                                          {.key = "weight", .title = "weight", .decimals = 3}}),
                 .in_terminal = false};
  weights.charts = {{.kind = ChartKind::kHeatMap,
                     .title = weights.table.title,
                     .x = "s",
                     .series = {{.y = "weight", .title = "weight"}},
                     .group = "line",
                     .row = "t",
                     .x_label = "source_piece",
                     .row_label = "target_piece",
                     .x_title = "source",
                     .y_title = "target"}};
  Figure places{.table = places_table(weights.table), .on_page = false};
  if (weights.table.rows.empty()) return {std::move(measures)};
  return {std::move(measures), std::move(places), std::move(weights)};
}

}  // namespace isthmus
