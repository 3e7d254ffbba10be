// Scores of decodes in the ledger.
#pragma once

#include <string>
#include <vector>

#include "evaluation/score_report.h"
#include "ledger/ledger.h"

namespace isthmus::cli {

/// A decode, what it made of the corpus and how that scored, metric for metric.
struct ScoredDecode {
  DecodeId decode{};
  const std::vector<std::string>& texts;
  const SystemScores& scores;
};

/// Writes the scores and, of BLEU, the sentences' statistics. The rows are in the order of the metrics.
std::vector<ScoringId> write_scores(Ledger& ledger, const ScoredDecode& decode,
                                    const std::vector<const Metric*>& metrics,
                                    const std::vector<References>& references, const MetricOptions& options);

/// Writes the p of each system but the first against that. `scorings` are what write_scores gave, system by system.
void write_comparisons(Ledger& ledger, const std::vector<SystemScores>& systems,
                       const std::vector<std::vector<ScoringId>>& scorings, const ResamplingOptions& resampling);

}  // namespace isthmus::cli
