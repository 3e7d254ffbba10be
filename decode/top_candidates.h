// The best few of many continuations, without sorting them all.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/types.h"
#include "model/token_scores.h"

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

  /// A live hypothesis and the column that says what may follow it.
  struct Parent {
    const TokenScores<float>& scores;
    Index column;
    double log_prob;
    Index number;
  };
  void offer_token(const Parent& parent, TokenId token);
  /// Offers all tokens but the special and the blocked ones, in their order. Looks only into blocks whose maximum is
  /// good enough: few are.
  void offer_words(const Parent& parent, std::span<const TokenId> blocked = {});

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
