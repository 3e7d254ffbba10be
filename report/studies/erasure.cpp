// How much each unit of the context is missed.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> erasure_figures(LedgerReader& ledger, AnalysisId analysis) {
  Figure figure{.table =
                    measured_table(ledger, analysis, "erasure_unit", "Units of the context, the most important first",
                                   {{.key = "arm", .title = "erased to"},
                                    {.key = "rank", .title = "rank"},
                                    {.key = "unit", .title = "unit", .is_name = true},
                                    {.key = "kind", .title = "kind"},
                                    {.key = "layer", .title = "layer", .rank = 1},
                                    {.key = "importance", .title = "importance", .decimals = 5},
                                    {.key = "low", .title = "from", .decimals = 5},
                                    {.key = "high", .title = "to", .decimals = 5}})};
  figure.table.notes = {
      "importance: the share of the log-probability of the references that is lost without the unit.",
      "zero: the unit is 0; mean: it has its mean over the text; untrained: it is 0, in the model before training."};
  figure.charts = {{.title = "Importance of the units, sorted",
                    .x = "rank",
                    .series = {{"importance", "low", "high"}},
                    .group = "arm",
                    .label = "unit",
                    .x_title = "rank of the unit",
                    .y_title = "importance, with 95 % interval"}};
  return {figure};
}

}  // namespace isthmus
