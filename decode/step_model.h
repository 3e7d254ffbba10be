// All that search knows of a model.
#pragma once

#include <span>

#include "core/types.h"
#include "model/token_scores.h"

namespace isthmus {

/// Gives the probabilities of the next token for a set of live hypotheses, one column each. A translation model, an
/// ensemble, a quantised decoder and the tests' table of probabilities are all StepModels.
///
/// Not thread-safe: a StepModel holds the state of one search. Threads have one each over the same weights.
class StepModel {
 public:
  virtual ~StepModel() = default;

  /// Number of rows of what step() returns.
  virtual Index vocabulary_size() const = 0;

  /// Forgets all hypotheses and begins one for each source, in their order. No source is empty.
  virtual void start(std::span<const Sentence> sources) = 0;

  /// Begins one for each further source; their columns come behind those there are.
  virtual void add(std::span<const Sentence> sources) = 0;

  /// Appends last[i] to hypothesis i (kBegin at first) and returns what may come next, a column for each. The result is
  /// valid until the next call.
  virtual const TokenScores<float>& step(std::span<const TokenId> last) = 0;

  /// After step(): how much a column looked at each piece of its source, and at the end behind them; the weights sum to
  /// 1. Empty: the model does not look back.
  virtual Vector<float> attention(Index /*column*/) { return {}; }

  /// Replaces the columns: new column i continues old column parents[i]. Replicates, reorders and drops.
  virtual void select(std::span<const Index> parents) = 0;
};

}  // namespace isthmus
