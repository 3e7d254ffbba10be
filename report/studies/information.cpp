// Nats of a sentence that the context tells, by its length and by the position of the word.
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Figure> information_figures(LedgerReader& ledger, AnalysisId analysis) {
  Figure lengths{.table = measured_table(ledger, analysis, "information_length", "Information by length of the source",
                                         {{.key = "neutral", .title = "against"},
                                          {.key = "from_length", .title = "from"},
                                          {.key = "to_length", .title = "to"},
                                          {.key = "sentences", .title = "sentences", .rank = 3},
                                          {.key = "mean_length", .title = "words", .decimals = 1, .rank = 2},
                                          {.key = "nats", .title = "nats", .decimals = 1},
                                          {.key = "low", .title = "from", .decimals = 1},
                                          {.key = "high", .title = "to", .decimals = 1},
                                          {.key = "bits", .title = "bits", .decimals = 1, .rank = 1},
                                          {.key = "gain", .title = "nats/word"},
                                          {.key = "gain_low", .title = "from", .rank = 4},
                                          {.key = "gain_high", .title = "to", .rank = 4},
                                          {.key = "thin", .title = "thin", .audience = Audience::kMachines}})};
  lengths.table.notes = {
      "nats/word: the increase to the next bin for each further word. floor: what a second other sentence's context "
      "tells against another's."};
  lengths.charts = {{.title = "What the context tells of a sentence",
                     .x = "mean_length",
                     .series = {{"nats", "low", "high"}},
                     .group = "neutral",
                     .x_title = "length of the source, in words",
                     .y_title = "nats a sentence, with 95 % interval"}};
  Figure positions{.table = measured_table(ledger, analysis, "information_position", "Information by position",
                                           {{.key = "neutral", .title = "against"},
                                            {.key = "position", .title = "piece"},
                                            {.key = "sentences", .title = "sentences"},
                                            {.key = "nats", .title = "nats"},
                                            {.key = "low", .title = "from"},
                                            {.key = "high", .title = "to"}})};
  positions.charts = {{.title = "What the context tells of each piece",
                       .x = "position",
                       .series = {{"nats", "low", "high"}},
                       .group = "neutral",
                       .x_title = "position in the reference, in pieces",
                       .y_title = "nats, with 95 % interval"}};
  return {lengths, positions};
}

}  // namespace isthmus
