// Dimensions in use of the context, and how its variance falls from axis to axis.
#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>

#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

Table figures_table(LedgerReader& ledger, AnalysisId analysis) {
  const auto machine = [](const char* key) { return Column{.key = key, .audience = Audience::kMachines}; };
  return measured_table(ledger, analysis, "rank_figures", "Dimensions in use",
                        {{.key = "part", .title = "Part"},
                         {.key = "subject", .title = "Contexts"},
                         {.key = "sentences", .title = "Sentences", .rank = 3},
                         {.key = "dimensions", .title = "Dimensions"},
                         {.key = "effective_rank", .title = "Effective rank", .decimals = 1},
                         {.key = "effective_rank_low", .title = "from", .decimals = 1, .rank = 2},
                         {.key = "effective_rank_high", .title = "to", .decimals = 1, .rank = 2},
                         {.key = "participation_ratio", .title = "Participation ratio", .decimals = 1},
                         machine("participation_ratio_low"),
                         machine("participation_ratio_high"),
                         {.key = "axes_90", .title = "Axes of 90 %"},
                         {.key = "axes_95", .title = "95 %", .rank = 1},
                         {.key = "axes_99", .title = "99 %"},
                         {.key = "mean_cosine", .title = "Mean cosine", .decimals = 3},
                         machine("mean_cosine_low"),
                         machine("mean_cosine_high"),
                         {.key = "centred_cosine", .title = "centred", .decimals = 3, .rank = 1},
                         machine("centred_cosine_low"),
                         machine("centred_cosine_high")});
}

/// The first twenty axes, and then one in each further twentieth: what a curve needs.
bool is_drawn(std::int64_t axis) {
  if (axis <= 20) return true;
  double next = 20;
  while (next < static_cast<double>(axis)) next *= 1.05;
  return static_cast<std::int64_t>(next) == axis;
}

/// A chart of each part.
Figure scree_of(const Table& all, const std::string& part) {
  constexpr std::size_t kPart = 1, kAxis = 2;  // after the study's number
  Figure figure{.table = all};
  figure.table.title = "Variance along the principal axes: " + part;
  figure.table.most_rows = 20;
  std::erase_if(figure.table.rows, [&](const std::vector<Cell>& row) {
    return std::get<std::string>(row[kPart]) != part || !is_drawn(std::get<std::int64_t>(row[kAxis]));
  });
  figure.table.notes = {"Of the axes after the 20th one in each further twentieth; the ledger has all."};
  figure.charts = {{.title = "Share of the variance by axis: " + part,
                    .x = "axis",
                    .series = {{.y = "share", .title = "model"},
                               {.y = "shuffled_share", .title = "shuffled"},
                               {.y = "untrained_share", .title = "untrained"}},
                    .x_title = "principal axis",
                    .y_title = "share of the variance",
                    .log_y = true},
                   {.title = "Share of the variance up to an axis: " + part,
                    .x = "axis",
                    .series = {{.y = "cumulative", .title = "model"},
                               {.y = "shuffled_cumulative", .title = "shuffled"},
                               {.y = "untrained_cumulative", .title = "untrained"}},
                    .x_title = "principal axis",
                    .y_title = "share of the variance",
                    .from_zero = true}};
  return figure;
}

}  // namespace

std::vector<Figure> rank_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Figure> figures{{.table = figures_table(ledger, analysis)}};
  const auto share = [](const char* key, const char* title, int rank) {
    return Column{.key = key, .title = title, .decimals = 5, .rank = rank};
  };
  const Table all = measured_table(ledger, analysis, "rank_axes", "",
                                   {{.key = "part", .title = "Part"},
                                    {.key = "axis", .title = "Axis", .is_name = true},
                                    share("share", "Share", 0),
                                    share("cumulative", "up to it", 0),
                                    share("shuffled_share", "Shuffled", 0),
                                    share("shuffled_cumulative", "up to it", 1),
                                    share("untrained_share", "Untrained", 0),
                                    share("untrained_cumulative", "up to it", 1)});
  std::vector<std::string> parts;
  for (const std::vector<Cell>& row : all.rows) {
    const std::string& part = std::get<std::string>(row[1]);
    if (parts.empty() || parts.back() != part) parts.push_back(part);
  }
  for (const std::string& part : parts) figures.push_back(scree_of(all, part));
  return figures;
}

}  // namespace isthmus
