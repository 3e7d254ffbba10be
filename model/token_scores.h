// What a step of a model says of the next token, before anything is normalised.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/types.h"
#include "model/buffer.h"

namespace isthmus {

/// log p of every token after every hypothesis, a column each: log p(v, i) = logits(v, i) − log_sums(i). The softmax is
/// left half done: search needs log p of a few tokens only, and finds them by the maxima of blocks, so that nothing but
/// the sum of the exponentials and these maxima is computed of all of them.
template <class S>
struct TokenScores {
  /// Tokens of a block.
  static constexpr Index kBlock = 128;

  Buffer<S> logits;        ///< vocabulary × B
  Vector<S> log_sums;      ///< B: log Σ exp(logit)
  Matrix<S> block_maxima;  ///< ⌈vocabulary / kBlock⌉ × B: the largest logit of each block, NaN left out

  Index vocabulary() const { return logits.rows(); }
  Index columns() const { return logits.cols(); }
  S log_prob(TokenId token, Index column) const { return logits(token, column) - log_sums(column); }
  auto log_probs(Index column) const { return logits.col(column).array() - log_sums(column); }

  /// Makes room; contents are lost.
  void resize(Index vocabulary, Index columns) {
    logits.resize(vocabulary, columns);
    log_sums.resize(columns);
    block_maxima.resize((vocabulary + kBlock - 1) / kBlock, columns);
  }
  /// Of a column's logits, its largest, NaN left out.
  S find_maxima(Index column) {
    auto maxima = block_maxima.col(column);
    for (Index block = 0; block < maxima.rows(); ++block) {
      const Index begin = block * kBlock;
      maxima(block) = logits.col(column)
                          .segment(begin, std::min(kBlock, vocabulary() - begin))
                          .template maxCoeff<Eigen::PropagateNumbers>();
    }
    return maxima.template maxCoeff<Eigen::PropagateNumbers>();
  }
  /// The column's maxima and sum, from its logits.
  void normalise(Index column) {
    const S largest = find_maxima(column);
    log_sums(column) = largest + std::log((logits.col(column).array() - largest).exp().sum());
  }
  /// The column's maxima, where its logits are log-probabilities already.
  void set_normalised(Index column) {
    find_maxima(column);
    log_sums(column) = S{0};
  }
};

}  // namespace isthmus
