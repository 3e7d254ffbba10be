// BLEU and likelihood against noise on the context.
#include "report/studies/effects.h"
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> noise_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns = {{.key = "arm", .title = "context"},
                                 {.key = "level", .title = "noise (σ)"},
                                 {.key = "sentences", .title = "sentences", .rank = 4}};
  append_effect_columns(columns);
  Figure figure{.table = measured_table(ledger, analysis, "noise_effect", "Noise on the context", std::move(columns))};
  figure.table.notes = {
      "σ: each unit's own standard deviation over the text. other: the context of another sentence, without noise."};
  figure.charts = effect_charts("level", "noise, in standard deviations of each unit", false);
  return {figure};
}

}  // namespace isthmus
