// What changes of the source's order do to the context and to the loss.
#include <fmt/format.h>

#include "report/studies/intervals.h"
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

/// "swap, 6–10 from the end".
std::string title_of(const Cell& change, const Cell& from, const Cell& to) {
  const auto* name = std::get_if<std::string>(&change);
  const auto* low = std::get_if<std::int64_t>(&from);
  const auto* high = std::get_if<std::int64_t>(&to);
  if (!name) return "";
  if (!low) return *name;
  if (!high) return fmt::format("{}, {} and more from the end", *name, *low);
  return *low == *high ? fmt::format("{}, {} from the end", *name, *low)
                       : fmt::format("{}, {}–{} from the end", *name, *low, *high);
}

}  // namespace

std::vector<Figure> word_order_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns{{.key = "change", .audience = Audience::kMachines},
                              {.key = "from_distance", .audience = Audience::kMachines},
                              {.key = "to_distance", .audience = Audience::kMachines},
                              {.key = "sentences", .title = "sentences", .rank = 3},
                              {.key = "moved", .title = "pieces moved", .rank = 2}};
  for (const auto& more :
       {with_interval("loss_rise", "rise of the loss", 3), with_interval("share", "of other's", 3),
        with_interval("cosine", "cosine", 3), with_interval("centred_cosine", "centred cosine", 3)}) {
    columns.insert(columns.end(), more.begin(), more.end());
  }
  Table table = measured_table(ledger, analysis, "word_order_change", "The source in another order", columns);
  table.columns.insert(table.columns.begin() + 1, {.key = "order", .title = "change", .audience = Audience::kPeople});
  for (std::vector<Cell>& row : table.rows) row.insert(row.begin() + 1, title_of(row[1], row[2], row[3]));
  show_intervals(table);
  table.notes = {
      "Rise of the loss: nats a token of the reference. Distances of a swapped pair in pieces from the last one read. "
      "Identity and other are the controls: the same source again, and another sentence's."};
  const auto chart = [](const std::string& title, const std::string& key, const std::string& axis) {
    return Chart{.kind = ChartKind::kDot,
                 .title = title,
                 .x = "order",
                 .series = {{key, key + "_low", key + "_high"}},
                 .y_title = axis + ", with 95 % interval"};
  };
  return {{.table = std::move(table),
           .charts = {chart("Rise of the loss", "loss_rise", "nats a target token"),
                      chart("Cosine with the true context, centred", "centred_cosine", "centred cosine")}}};
}

}  // namespace isthmus
