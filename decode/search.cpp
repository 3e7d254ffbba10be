#include "decode/search.h"

#include <utility>

#include "decode/finish.h"

namespace isthmus {

void set_score(const SearchOptions& options, Hypothesis& hypothesis) {
  hypothesis.log_prob = 0.0;
  for (const float log_prob : hypothesis.token_log_probs) hypothesis.log_prob += log_prob;
  const auto length = static_cast<std::int64_t>(std::max<std::size_t>(1, hypothesis.token_log_probs.size()));
  hypothesis.score = hypothesis.log_prob / length_penalty(options.length_penalty_kind, options.length_penalty, length);
}

std::vector<NBest> search(StepModel& model, std::span<const Sentence> sources, const SearchOptions& options) {
  if (options.beam > 1) return beam_search(model, sources, options);
  std::vector<NBest> lists;
  for (Hypothesis& hypothesis : greedy_search(model, sources, options)) {
    lists.emplace_back().push_back(std::move(hypothesis));
  }
  return lists;
}

}  // namespace isthmus
