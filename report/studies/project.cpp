// BLEU and likelihood against the number of axes that the context is projected on.
#include "report/studies/effects.h"
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> project_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns = {{.key = "arm", .title = "axes are"},
                                 {.key = "axes", .title = "axes"},
                                 {.key = "variance", .title = "variance", .decimals = 3, .rank = 3},
                                 {.key = "sentences", .title = "sentences", .rank = 4}};
  append_effect_columns(columns);
  Figure figure{.table =
                    measured_table(ledger, analysis, "project_effect", "The context on few axes", std::move(columns))};
  figure.table.notes = {
      "variance: the share that the projections keep. The principal axes of a line are those of the other half of the "
      "text."};
  figure.charts = effect_charts("axes", "axes that are kept", true);
  return {figure};
}

}  // namespace isthmus
