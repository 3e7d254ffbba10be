// Intervals and significance for the scores of one or several systems on the same references.
#pragma once

#include <span>
#include <vector>

#include "evaluation/metrics.h"
#include "evaluation/score_report.h"
#include "evaluation/score_warnings.h"

namespace isthmus {

/// Gives scores[i].scores[m], of systems[i] by metrics[m], what `resampling` asks for: its confidence, and but for the
/// first system its p against that. Of a single sentence nothing can be told: it gets none. Does nothing if it asks for
/// nothing. Systems have as many lines as there are references.
void add_chance(std::span<const NamedLines> systems, std::span<const References> references,
                std::span<const Metric* const> metrics, const MetricOptions& options,
                const ResamplingOptions& resampling, std::vector<SystemScores>& scores);

}  // namespace isthmus
