// How good a model is on the held-out text, and which of two is the better one.
#pragma once

#include <cstdint>

#include "training/observer.h"
#include "training/training_options.h"

namespace isthmus {

/// No run gets so far; a counter that says so would overflow.
inline constexpr double kMostCounted = 1e15;

struct Standing {
  double score = 0.0;        ///< by the metric that decides
  double loss = 0.0;         ///< nats per piece; decides when the scores are equal, as BLEU's first ones are at 0
  std::int64_t update = -1;  ///< after which the model was measured; 0: before the first; -1: never
};
void describe(OptionVisitor& visit, Standing& standing);

/// Throws std::logic_error when the report lacks the metric.
Standing standing_of(const ValidationReport& report, SelectionMetric metric);

/// Whether one is better than the other; any is better than none, and none with a perplexity beyond all numbers is.
bool better(SelectionMetric metric, const Standing& one, const Standing& other);

}  // namespace isthmus
