#include "evaluation/gleu.h"

#include <algorithm>

namespace isthmus {

double gleu_score(const BleuStatistics& statistics) {
  std::int64_t matches = 0;
  std::int64_t hypothesis = 0;
  std::int64_t reference = 0;
  for (std::size_t n = 1; n <= kGleuOrder; ++n) {
    matches += statistics.matches[n - 1];
    hypothesis += statistics.totals[n - 1];
    reference += ngrams_of_order(static_cast<std::size_t>(statistics.reference_length), n);
  }
  const std::int64_t more = std::max(hypothesis, reference);
  return more == 0 ? 0.0 : static_cast<double>(matches) / static_cast<double>(more);
}

}  // namespace isthmus
