// How a token is drawn at random, as the model finds it probable.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/options.h"
#include "core/types.h"
#include "model/token_scores.h"

namespace isthmus {

struct SamplingOptions {
  /// > 0; the softmax is that of log p / temperature: below 1 sharper, above 1 flatter.
  double temperature = 1.0;
  /// Only so many of the most probable tokens are drawn (Fan et al. 2018); 0: all.
  std::int64_t top_k = 0;
  /// Only the fewest most probable tokens are drawn that together have this probability (the nucleus, Holtzman et al.
  /// 2020); 1: all.
  double top_p = 1.0;
};

void describe(OptionVisitor& visit, SamplingOptions& options);

/// What one column gives the tokens, to draw from: p^(1/temperature) of those that may come, cut to top_k and then to
/// top_p, renormalised. Its sums have the same order wherever the column lies. Working memory of one thread.
class TokenDistribution {
 public:
  TokenDistribution(Index vocabulary, const SamplingOptions& options);

  struct Allowed {
    bool unknown;
    bool end;
    std::span<const TokenId> blocked = {};
  };
  /// False if no token that may come has a probability. The begin never may.
  bool set(const TokenScores<float>& scores, Index column, const Allowed& allowed);

  /// `uniform` in [0, 1).
  TokenId draw(double uniform) const;

 private:
  void keep_top_k();
  void keep_top_p();
  void sum_up();
  /// Tokens that have weights, the heaviest first, of equals the lower.
  std::vector<Index> by_weight() const;

  SamplingOptions options_;
  Eigen::ArrayXf weights_;    // of each token, that of the best is 1
  std::vector<double> sums_;  // of each block of weights
  double total_ = 0.0;
};

}  // namespace isthmus
