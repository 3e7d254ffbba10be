// BLEU and likelihood against bits of each unit of the context.
#include "report/studies/effects.h"
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> quantise_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns = {{.key = "arm", .title = "context"},
                                 {.key = "bits", .title = "bits a unit"},
                                 {.key = "error", .title = "error (σ)", .decimals = 3, .rank = 3},
                                 {.key = "sentences", .title = "sentences", .rank = 4}};
  append_effect_columns(columns);
  Figure figure{.table =
                    measured_table(ledger, analysis, "quantise_effect", "The context in few bits", std::move(columns))};
  figure.table.notes = {
      "noise: even over the width of a cell, an error of the same size that does not come from rounding."};
  figure.charts = effect_charts("bits", "bits of each unit", false);
  return {figure};
}

}  // namespace isthmus
