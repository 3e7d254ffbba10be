// Context vectors on a plane, and which sentences lie side by side.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

/// Lengths that have a colour of their own.
std::string length_of(std::int64_t words) {
  constexpr std::array<std::int64_t, 4> kEnds = {5, 10, 15, 20};
  std::int64_t begin = 1;
  for (const std::int64_t end : kEnds) {
    if (words <= end)
      return begin == 1 ? fmt::format("up to {} words", end) : fmt::format("{} to {} words", begin, end);
    begin = end + 1;
  }
  return fmt::format("{} words and more", begin);
}

Figure points_figure(LedgerReader& ledger, AnalysisId analysis) {
  const auto coordinate = [](const char* key, const char* title, int rank) {
    return Column{.key = key, .title = title, .decimals = 3, .rank = rank};
  };
  Figure figure{.table = measured_table(ledger, analysis, "context_map", "The map",
                                        {{.key = "line", .title = "Line", .is_name = true},
                                         {.key = "words", .title = "Words"},
                                         {.key = "source", .title = "Source", .least = 20},
                                         coordinate("x", "x", 0),
                                         coordinate("y", "y", 0),
                                         coordinate("untrained_x", "Untrained: x", 1),
                                         coordinate("untrained_y", "y", 1)})};
  constexpr std::size_t kWords = 2;
  Table& table = figure.table;
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) {
    return std::get<std::int64_t>(a[kWords]) < std::get<std::int64_t>(b[kWords]);
  });
  table.columns.push_back({.key = "length", .title = "Length", .audience = Audience::kMachines});
  for (std::vector<Cell>& row : table.rows) row.emplace_back(length_of(std::get<std::int64_t>(row[kWords])));
  table.most_rows = 20;
  const auto chart = [](const char* title, const char* x, const char* y) {
    return Chart{.kind = ChartKind::kScatter,
                 .title = title,
                 .x = x,
                 .series = {{.y = y}},
                 .group = "length",
                 .label = "source",
                 .x_title = "first principal axis",
                 .y_title = "second principal axis"};
  };
  figure.charts = {chart("Context vectors on the plane of their greatest variance", "x", "y"),
                   chart("The same, untrained", "untrained_x", "untrained_y")};
  return figure;
}

Figure neighbours_figure(LedgerReader& ledger, AnalysisId analysis) {
  const auto number = [](const char* key, const char* title, int rank) {
    return Column{.key = key, .title = title, .decimals = 3, .rank = rank};
  };
  Figure figure{
      .table = measured_table(ledger, analysis, "context_neighbours", "Nearest neighbours",
                              {{.key = "line", .title = "Line", .is_name = true},
                               {.key = "source", .title = "Source", .least = 20},
                               {.key = "rank", .title = "Rank", .is_name = true},
                               {.key = "neighbour", .title = "Line", .is_name = true, .rank = 3},
                               {.key = "neighbour_source", .title = "Neighbour", .least = 20},
                               number("cosine", "Cosine", 0),
                               {.key = "edits", .title = "Edits"},
                               number("distance", "a word", 1),
                               {.key = "untrained_neighbour", .title = "Untrained: line", .is_name = true, .rank = 4},
                               number("untrained_cosine", "cosine", 4),
                               number("untrained_distance", "edits a word", 2)})};
  figure.table.most_rows = 25;
  return figure;
}

Figure similarity_figure(LedgerReader& ledger, AnalysisId analysis) {
  const auto number = [](const char* key, const char* title, int decimals) {
    return Column{.key = key, .title = title, .decimals = decimals};
  };
  Figure figure{.table = measured_table(ledger, analysis, "map_similarity", "Cosine by edit distance",
                                        {number("from_distance", "Edits a word from", 1),
                                         number("to_distance", "to", 1),
                                         {.key = "pairs", .title = "Pairs"},
                                         number("cosine", "Mean cosine", 3),
                                         number("untrained_cosine", "Untrained", 3),
                                         {.key = "shuffled_pairs", .title = "Shuffled pairs", .rank = 1},
                                         number("shuffled_cosine", "Shuffled", 3)})};
  figure.charts = {{.title = "Cosine of two contexts by the edit distance of their sentences",
                    .x = "to_distance",
                    .series = {{.y = "cosine", .title = "model"},
                               {.y = "untrained_cosine", .title = "untrained"},
                               {.y = "shuffled_cosine", .title = "shuffled"}},
                    .x_title = "edits per word, up to",
                    .y_title = "mean cosine"}};
  return figure;
}

}  // namespace

std::vector<Figure> map_figures(LedgerReader& ledger, AnalysisId analysis) {
  return {points_figure(ledger, analysis), neighbours_figure(ledger, analysis), similarity_figure(ledger, analysis)};
}

}  // namespace isthmus
