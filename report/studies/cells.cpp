// Cells side by side, and the differences to the LSTM.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> cells_figures(LedgerReader& ledger, AnalysisId analysis) {
  const auto bars = [](const char* title, Series series, const char* y_title) {
    return Chart{.kind = ChartKind::kBar,
                 .title = title,
                 .x = "cell",
                 .series = {std::move(series)},
                 .group = "matched",
                 .x_title = "cell, by what is equal",
                 .y_title = y_title,
                 .from_zero = true};
  };
  Figure quality{
      .table = measured_table(ledger, analysis, "cell_quality", "Cells at equal size and at equal parameters",
                              {{.key = "matched", .title = "equal"},
                               {.key = "cell", .title = "cell"},
                               {.key = "hidden", .title = "hidden"},
                               {.key = "parameters", .title = "parameters"},
                               {.key = "updates", .title = "updates", .rank = 5},
                               {.key = "minutes", .title = "minutes", .decimals = 1, .rank = 6},
                               {.key = "target_tokens_per_s", .title = "tokens/s", .decimals = 0},
                               {.key = "peak_memory_mb", .title = "memory MB", .decimals = 0, .rank = 4},
                               {.key = "bleu", .title = "BLEU"},
                               {.key = "low", .title = "low", .rank = 2},
                               {.key = "high", .title = "high", .rank = 2},
                               {.key = "long_sentences", .title = "long ones", .rank = 7},
                               {.key = "long_bleu", .title = "their BLEU"},
                               {.key = "long_low", .title = "low", .rank = 3},
                               {.key = "long_high", .title = "high", .rank = 3},
                               {.key = "half_life", .title = "gradient half-life", .decimals = 1, .rank = 1},
                               {.key = "half_life_low", .audience = Audience::kMachines},
                               {.key = "half_life_high", .audience = Audience::kMachines},
                               {.key = "train_run", .audience = Audience::kMachines, .is_name = true},
                               {.key = "decode", .audience = Audience::kMachines, .is_name = true}}),
      .charts = {bars("BLEU of all sources", {"bleu", "low", "high", ""}, "BLEU, with 95 % interval"),
                 bars("BLEU of long sources", {"long_bleu", "long_low", "long_high", ""}, "BLEU, with 95 % interval"),
                 bars("Half-life of the gradient", {"half_life", "half_life_low", "half_life_high", ""},
                      "steps back through the source, with 95 % interval"),
                 bars("Speed of training", {"target_tokens_per_s", "", "", ""}, "target tokens a second")}};
  quality.table.notes = {
      "The gradient half-life, in steps back through the source, is the study gradients' of each model."};
  Figure differences{.table = measured_table(ledger, analysis, "cell_difference", "Against the LSTM",
                                             {{.key = "matched", .title = "equal"},
                                              {.key = "cell", .title = "cell"},
                                              {.key = "baseline", .audience = Audience::kMachines},
                                              {.key = "quantity", .title = "quantity"},
                                              {.key = "value", .title = "value"},
                                              {.key = "baseline_value", .title = "lstm"},
                                              {.key = "difference", .title = "difference"},
                                              {.key = "low", .title = "low"},
                                              {.key = "high", .title = "high"},
                                              {.key = "p", .title = "p", .decimals = 3}})};
  return {std::move(quality), std::move(differences)};
}

}  // namespace isthmus
