#include "decode/top_candidates.h"

#include <algorithm>

namespace isthmus {

void TopCandidates::offer(const Candidate& candidate) {
  if (!(candidate.log_prob > threshold())) return;
  if (items_.size() == size_) items_.pop_back();
  const auto place = std::upper_bound(items_.begin(), items_.end(), candidate.log_prob,
                                      [](double value, const Candidate& item) { return value > item.log_prob; });
  items_.insert(place, candidate);
}

void TopCandidates::offer_token(const Parent& parent, TokenId token) {
  const float log_prob = parent.scores.log_prob(token, parent.column);
  offer({parent.log_prob + log_prob, parent.number, token, log_prob});
}

void TopCandidates::offer_words(const Parent& parent, std::span<const TokenId> blocked) {
  constexpr Index kBlock = TokenScores<float>::kBlock;
  const TokenScores<float>& scores = parent.scores;
  const float log_sum = scores.log_sums(parent.column);
  for (Index block = 0; block < scores.block_maxima.rows(); ++block) {
    if (!(parent.log_prob + (scores.block_maxima(block, parent.column) - log_sum) > threshold())) continue;
    const Index end = std::min((block + 1) * kBlock, scores.vocabulary());
    for (Index i = std::max<Index>(block * kBlock, kSpecialTokens); i < end; ++i) {
      const auto token = static_cast<TokenId>(i);
      const float log_prob = scores.logits(i, parent.column) - log_sum;
      if (!(parent.log_prob + log_prob > threshold())) continue;
      if (std::find(blocked.begin(), blocked.end(), token) != blocked.end()) continue;
      offer({parent.log_prob + log_prob, parent.number, token, log_prob});
    }
  }
}

}  // namespace isthmus
