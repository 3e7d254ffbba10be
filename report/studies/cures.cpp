// What helps against the bottleneck.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> cures_figures(LedgerReader& ledger, AnalysisId analysis) {
  const auto dots = [](const char* title, Series series, const char* y_title) {
    return Chart{
        .kind = ChartKind::kDot, .title = title, .x = "cure", .series = {std::move(series)}, .y_title = y_title};
  };
  return {{.table = measured_table(ledger, analysis, "cure_quality", "Cures of the bottleneck",
                                   {{.key = "cure", .title = "cure"},
                                    {.key = "role", .audience = Audience::kMachines},
                                    {.key = "parameters", .title = "parameters", .rank = 6},
                                    {.key = "updates", .title = "updates", .rank = 8},
                                    {.key = "target_tokens_per_s", .title = "tokens/s", .decimals = 0, .rank = 7},
                                    {.key = "bleu", .title = "BLEU"},
                                    {.key = "low", .title = "low", .rank = 4},
                                    {.key = "high", .title = "high", .rank = 4},
                                    {.key = "gain", .title = "gain"},
                                    {.key = "gain_low", .title = "low", .rank = 3},
                                    {.key = "gain_high", .title = "high", .rank = 3},
                                    {.key = "gain_p", .title = "p", .decimals = 3},
                                    {.key = "long_sentences", .title = "long ones", .rank = 9},
                                    {.key = "long_bleu", .title = "their BLEU"},
                                    {.key = "long_low", .title = "low", .rank = 5},
                                    {.key = "long_high", .title = "high", .rank = 5},
                                    {.key = "long_gain", .title = "gain"},
                                    {.key = "long_gain_low", .title = "low", .rank = 2},
                                    {.key = "long_gain_high", .title = "high", .rank = 2},
                                    {.key = "long_gain_p", .title = "p", .decimals = 3},
                                    {.key = "slope", .title = "per 10 words", .rank = 1},
                                    {.key = "slope_low", .audience = Audience::kMachines},
                                    {.key = "slope_high", .audience = Audience::kMachines},
                                    {.key = "train_run", .audience = Audience::kMachines, .is_name = true},
                                    {.key = "decode", .audience = Audience::kMachines, .is_name = true}}),
           .charts = {
               dots("Gain over plain, all sources", {"gain", "gain_low", "gain_high", ""},
                    "BLEU more than plain, with 95 % interval"),
               dots("Gain over plain, long sources", {"long_gain", "long_gain_low", "long_gain_high", ""},
                    "BLEU more than plain, with 95 % interval"),
               dots("BLEU of long sources", {"long_bleu", "long_low", "long_high", ""}, "BLEU, with 95 % interval")}}};
}

}  // namespace isthmus
