// How likely a model finds translations that are given (forced decoding).
#pragma once

#include <span>
#include <vector>

#include "core/threads.h"
#include "decode/load_translation_model.h"

namespace isthmus {

/// Of one pair.
struct ForcedScore {
  double log_prob = 0.0;    ///< Σ log p of the target's pieces and its end, in nats
  std::int64_t tokens = 0;  ///< those pieces, the end included

  /// exp(−log p per token).
  double perplexity() const;
};

/// Scores each target given its source, `batch` pairs at a time. As many scores as pairs, in their order; they do not
/// depend on batch or threads beyond rounding. A side may be empty.
std::vector<ForcedScore> score_pairs(const LoadedModel& model, std::span<const Sentence> sources,
                                     std::span<const Sentence> targets, std::size_t batch, ThreadPool& threads);

}  // namespace isthmus
