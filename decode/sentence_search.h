// The search for one sentence, as the search of many sees it.
#pragma once

#include <span>

#include "core/random.h"
#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "model/token_scores.h"

namespace isthmus {

/// A sentence to be translated.
struct SearchRequest {
  std::size_t number = 0;    ///< by which its translations are given back
  Sentence source;           ///< not empty
  Sentence prefix = {};      ///< what every translation begins with, whatever its probability
  Random random = Random();  ///< for sampling
};

/// Its live hypotheses, each a column of the model, and those that are finished. One at first; none live when it is
/// done.
class SentenceSearch {
 public:
  virtual ~SentenceSearch() = default;

  /// Number of live hypotheses: columns that the next step needs.
  virtual Index live() const = 0;
  /// Of a live hypothesis: its last token, and which of the live ones before the last advance() it continues.
  virtual TokenId last(Index live) const = 0;
  virtual Index parent(Index live) const = 0;

  /// One step. Column first + i of the scores is what may follow live hypothesis i.
  virtual void advance(const TokenScores<float>& scores, Index first) = 0;

  /// What was found, once live() is 0.
  virtual NBest take() = 0;
};

}  // namespace isthmus
