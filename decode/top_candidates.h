// The best few of many continuations, without sorting them all.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/types.h"
#include "model/matrix.h"

namespace isthmus {

/// One token more for a live hypothesis.
struct Candidate {
  double log_prob;  ///< of the hypothesis with the token
  Index parent;     ///< the hypothesis, counted within its sentence
  TokenId token;
  float token_log_prob;
};

/// Keeps the best of the candidates offered. Of equals the one offered first is better. -inf and NaN are never kept.
class TopCandidates {
 public:
  explicit TopCandidates(std::size_t size) : size_(size) { items_.reserve(size + 1); }

  void clear() { items_.clear(); }

  void offer(const Candidate& candidate);

  /// Offers the tokens first, first + 1, … of a column of log-probabilities, each added to the parent's `log_prob`.
  void offer_column(std::span<const float> token_log_probs, TokenId first, double log_prob, Index parent);

  /// Best first.
  std::span<const Candidate> items() const { return items_; }

 private:
  /// What a candidate must exceed.
  double threshold() const {
    return items_.size() < size_ ? -std::numeric_limits<double>::infinity() : items_.back().log_prob;
  }

  std::size_t size_;
  std::vector<Candidate> items_;
};

}  // namespace isthmus
