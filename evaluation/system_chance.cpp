#include "evaluation/system_chance.h"

#include <fmt/format.h>

#include <cassert>
#include <optional>

namespace isthmus {
namespace {

/// "bs:1000|ar:10000|seed:12345", in the words of sacreBLEU's signatures.
std::string in_words(const ResamplingOptions& resampling) {
  std::string text;
  if (resampling.intervals()) text += fmt::format("bs:{}|", resampling.resamples);
  if (resampling.paired_ar) text += fmt::format("ar:{}|", resampling.trials);
  return text + fmt::format("seed:{}", resampling.seed);
}

}  // namespace

void add_chance(std::span<const NamedLines> systems, std::span<const References> references,
                std::span<const Metric* const> metrics, const MetricOptions& options,
                const ResamplingOptions& resampling, std::vector<SystemScores>& scores) {
  assert(systems.size() == scores.size());
  if ((!resampling.intervals() && !resampling.paired()) || references.size() < 2) return;
  const auto seed = static_cast<std::uint64_t>(resampling.seed);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    std::optional<SentenceStatistics> baseline;
    std::vector<double> baseline_resamples;
    for (std::size_t i = 0; i < systems.size(); ++i) {
      MetricScore& score = scores[i].scores[m];
      score.resampling = in_words(resampling);
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
