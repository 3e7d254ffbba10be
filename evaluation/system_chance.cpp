#include "evaluation/system_chance.h"

#include <cassert>
#include <optional>

namespace isthmus {

void add_chance(std::span<const NamedLines> systems, std::span<const References> references,
                std::span<const Metric* const> metrics, const MetricOptions& options,
                const ResamplingOptions& resampling, std::vector<SystemScores>& scores) {
  assert(systems.size() == scores.size());
  if (!resampling.intervals() && !resampling.paired()) return;
  const auto seed = static_cast<std::uint64_t>(resampling.seed);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    std::optional<SentenceStatistics> baseline;
    std::vector<double> baseline_resamples;
    for (std::size_t i = 0; i < systems.size(); ++i) {
      MetricScore& score = scores[i].scores[m];
      SentenceStatistics statistics = metrics[m]->statistics(systems[i].lines, references, options);
      std::vector<double> resamples;
      if (resampling.intervals()) {
        resamples = bootstrap_scores(statistics, resampling.resamples, seed);
        score.confidence = confidence(resamples);
      }
      if (!baseline) {
        baseline = std::move(statistics);
        baseline_resamples = std::move(resamples);
        continue;
      }
      if (resampling.paired_bs) {
        score.bootstrap_p = paired_bootstrap(scores[0].scores[m].score, score.score, baseline_resamples, resamples);
      }
      if (resampling.paired_ar) {
        score.randomisation_p = paired_randomisation(*baseline, statistics, resampling.trials, seed);
      }
    }
  }
}

}  // namespace isthmus
