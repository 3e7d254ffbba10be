#include "cli/recorded_scores.h"

namespace isthmus::cli {

std::vector<ScoringId> write_scores(Ledger& ledger, const ScoredDecode& decode,
                                    const std::vector<const Metric*>& metrics,
                                    const std::vector<References>& references, const MetricOptions& options) {
  std::vector<ScoringId> ids;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const MetricScore& score = decode.scores.scores[i];
    ScoringRow row{.decode = decode.decode,
                   .metric = std::string(metrics[i]->name),
                   .signature = score.signature,
                   .value = score.score};
    if (score.confidence) {
      row.low = score.confidence->interval.low;
      row.high = score.confidence->interval.high;
    }
    ids.push_back(metrics[i]->name == "bleu" ? ledger.add(row, bleu_statistics(decode.texts, references, options.bleu))
                                             : ledger.add(row));
  }
  return ids;
}

void write_comparisons(Ledger& ledger, const std::vector<SystemScores>& systems,
                       const std::vector<std::vector<ScoringId>>& scorings, const ResamplingOptions& resampling) {
  for (std::size_t i = 1; i < systems.size(); ++i) {
    for (std::size_t m = 0; m < systems[i].scores.size(); ++m) {
      const MetricScore& score = systems[i].scores[m];
      ComparisonRow row{.scoring = scorings[i][m], .baseline = scorings[0][m], .seed = resampling.seed};
      if (score.bootstrap_p) {
        row.test = "bootstrap";
        row.p = *score.bootstrap_p;
        row.trials = resampling.resamples;
        ledger.add(row);
      }
      if (score.randomisation_p) {
        row.test = "randomisation";
        row.p = *score.randomisation_p;
        row.trials = resampling.trials;
        ledger.add(row);
      }
    }
  }
}

}  // namespace isthmus::cli
