// What a search finds.
#pragma once

#include <string_view>
#include <vector>

#include "core/options.h"
#include "core/types.h"

namespace isthmus {

enum class StopReason {
  kEnded,      ///< the model ended the sentence
  kMaxLength,  ///< the longest allowed; the model would have gone on
  kDeadEnd,    ///< no token had a probability: a model that gives -inf or NaN everywhere
};
template <>
struct EnumNames<StopReason> {
  static constexpr std::string_view names[] = {"end", "max-length", "dead-end"};
};

/// A finished hypothesis.
struct Hypothesis {
  Sentence tokens;                     ///< without the end
  std::vector<float> token_log_probs;  ///< of each token and then of the end (a dead end has no end)
  double log_prob = 0.0;               ///< their sum
  double score = 0.0;                  ///< log_prob / length_penalty, by which hypotheses are ranked
  StopReason stop = StopReason::kEnded;
};

/// Best first; equal scores in the order in which they were found.
using NBest = std::vector<Hypothesis>;

}  // namespace isthmus
