// BLEU against the length of the source for contexts of several sizes.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> capacity_figures(LedgerReader& ledger, AnalysisId analysis) {
  Figure bins{.table = measured_table(ledger, analysis, "capacity_bin", "BLEU by length and size",
                                      {{.key = "model", .title = "model"},
                                       {.key = "cell", .audience = Audience::kMachines},
                                       {.key = "hidden", .audience = Audience::kMachines, .is_name = true},
                                       {.key = "from_length", .title = "from"},
                                       {.key = "to_length", .title = "to"},
                                       {.key = "sentences", .title = "sentences"},
                                       {.key = "mean_length", .title = "mean length", .decimals = 1, .rank = 1},
                                       {.key = "bleu", .title = "BLEU"},
                                       {.key = "low", .title = "low"},
                                       {.key = "high", .title = "high"},
                                       {.key = "thin", .title = "thin", .rank = 2}}),
              .charts = {{.title = "BLEU of sources of each length",
                          .x = "mean_length",
                          .series = {{"bleu", "low", "high", "BLEU"}},
                          .group = "model",
                          .x_title = "mean length of the sources of a bin",
                          .y_title = "BLEU, with 95 % interval",
                          .from_zero = true}}};
  bins.table.notes = {"thin 1: too few sentences to bear on a finding."};
  Figure models{.table = measured_table(ledger, analysis, "capacity_model", "Sizes",
                                        {{.key = "cell", .title = "cell"},
                                         {.key = "hidden", .title = "hidden"},
                                         {.key = "context_size", .title = "context", .rank = 5},
                                         {.key = "parameters", .title = "parameters", .rank = 4},
                                         {.key = "updates", .title = "updates", .rank = 7},
                                         {.key = "target_tokens_per_s", .title = "tokens/s", .decimals = 0, .rank = 6},
                                         {.key = "bleu", .title = "BLEU"},
                                         {.key = "low", .title = "low", .rank = 2},
                                         {.key = "high", .title = "high", .rank = 2},
                                         {.key = "slope", .title = "per 10 words"},
                                         {.key = "slope_low", .title = "low", .rank = 3},
                                         {.key = "slope_high", .title = "high", .rank = 3},
                                         {.key = "half_length", .title = "half from", .decimals = 0},
                                         {.key = "half_length_low", .audience = Audience::kMachines},
                                         {.key = "half_length_high", .audience = Audience::kMachines},
                                         {.key = "gain", .title = "over the size before"},
                                         {.key = "gain_low", .audience = Audience::kMachines},
                                         {.key = "gain_high", .audience = Audience::kMachines},
                                         {.key = "gain_p", .title = "p", .decimals = 3},
                                         {.key = "train_run", .audience = Audience::kMachines, .is_name = true},
                                         {.key = "decode", .audience = Audience::kMachines, .is_name = true}}),
                .charts = {{.title = "BLEU by the size of the context",
                            .x = "hidden",
                            .series = {{"bleu", "low", "high", "BLEU"}},
                            .group = "cell",
                            .x_title = "hidden size",
                            .y_title = "BLEU, with 95 % interval",
                            .log_x = true,
                            .from_zero = true},
                           {.title = "What ten further words cost",
                            .x = "hidden",
                            .series = {{"slope", "slope_low", "slope_high", "BLEU per 10 words"}},
                            .group = "cell",
                            .x_title = "hidden size",
                            .y_title = "BLEU, with 95 % interval",
                            .log_x = true}}};
  return {std::move(bins), std::move(models)};
}

}  // namespace isthmus
