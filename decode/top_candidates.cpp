#include "decode/top_candidates.h"

#include <algorithm>

namespace isthmus {
namespace {

// Few blocks hold a candidate, and the others cost one vectorised maximum.
constexpr Index kBlock = 128;

float maximum(const float* values, Index count) {
  return Eigen::Map<const Eigen::ArrayXf>(values, count).maxCoeff<Eigen::PropagateNumbers>();
}

}  // namespace

void TopCandidates::offer(const Candidate& candidate) {
  if (!(candidate.log_prob > threshold())) return;
  if (items_.size() == size_) items_.pop_back();
  const auto place = std::upper_bound(items_.begin(), items_.end(), candidate.log_prob,
                                      [](double value, const Candidate& item) { return value > item.log_prob; });
  items_.insert(place, candidate);
}

void TopCandidates::offer_column(std::span<const float> token_log_probs, TokenId first, double log_prob, Index parent) {
  const auto count = static_cast<Index>(token_log_probs.size());
  const float* values = token_log_probs.data();
  for (Index begin = 0; begin < count; begin += kBlock) {
    const Index size = std::min(kBlock, count - begin);
    if (!(log_prob + maximum(values + begin, size) > threshold())) continue;
    for (Index i = begin; i < begin + size; ++i) {
      offer({log_prob + values[i], parent, first + static_cast<TokenId>(i), values[i]});
    }
  }
}

}  // namespace isthmus
