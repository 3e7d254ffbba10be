#include "decode/search_limits.h"

#include <algorithm>
#include <utility>

namespace isthmus {

SearchLimits::SearchLimits(const SearchOptions& options, std::size_t source_length, Sentence prefix)
    : prefix_(std::move(prefix)),
      longest_(std::max(max_length(options, source_length), static_cast<std::int64_t>(prefix_.size()))),
      shortest_(std::max(std::min(options.min_length, longest_), static_cast<std::int64_t>(prefix_.size()))),
      ngram_(static_cast<std::size_t>(options.no_repeat_ngram)) {}

std::optional<TokenId> SearchLimits::forced(std::int64_t length) const {
  if (length >= std::ssize(prefix_)) return std::nullopt;
  return prefix_[static_cast<std::size_t>(length)];
}

std::vector<TokenId> SearchLimits::blocked_after(std::span<const TokenId> tokens) const {
  std::vector<TokenId> blocked;
  if (!blocks() || tokens.size() < ngram_) return blocked;
  const std::span<const TokenId> context = tokens.last(ngram_ - 1);
  for (std::size_t begin = 0; begin + ngram_ <= tokens.size(); ++begin) {
    if (std::equal(context.begin(), context.end(), tokens.begin() + static_cast<std::ptrdiff_t>(begin))) {
      blocked.push_back(tokens[begin + ngram_ - 1]);
    }
  }
  return blocked;
}

void set_score(const SearchOptions& options, Hypothesis& hypothesis) {
  hypothesis.log_prob = 0.0;
  for (const float log_prob : hypothesis.token_log_probs) hypothesis.log_prob += log_prob;
  const auto length = static_cast<std::int64_t>(std::max<std::size_t>(1, hypothesis.token_log_probs.size()));
  hypothesis.score = hypothesis.log_prob / length_penalty(options.length_penalty_kind, options.length_penalty, length);
}

}  // namespace isthmus
