// What is lost at each position of the reference when the context is another.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> reliance_figures(LedgerReader& ledger, AnalysisId analysis) {
  Figure figure{.table = measured_table(ledger, analysis, "reliance_position", "Loss under another context",
                                        {{.key = "context", .title = "context"},
                                         {.key = "position", .title = "piece"},
                                         {.key = "sentences", .title = "sentences"},
                                         {.key = "loss", .title = "own loss", .rank = 1},
                                         {.key = "change", .title = "nats more"},
                                         {.key = "low", .title = "from"},
                                         {.key = "high", .title = "to"}})};
  figure.table.notes = {
      "swapped: another sentence's context; similar: that of a sentence as long; mean: of all; zero: a state of "
      "zeros."};
  figure.charts = {{.title = "What each piece loses under another context",
                    .x = "position",
                    .series = {{"change", "low", "high"}},
                    .group = "context",
                    .x_title = "position in the reference, in pieces",
                    .y_title = "nats more, with 95 % interval"}};
  return {figure};
}

}  // namespace isthmus
