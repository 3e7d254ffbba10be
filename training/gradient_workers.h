// The gradient of a batch, by several threads and ranks.
#pragma once

#include <span>
#include <vector>

#include "core/threads.h"
#include "distributed/communicator.h"
#include "model/seq2seq.h"
#include "training/weighted_batch.h"

namespace isthmus {

/// What a batch gives beside its gradient.
struct BatchGradient {
  std::vector<LossSum> sums;  ///< of each batch
  double squared_norm = 0.0;  ///< of the gradient
};

/// Cuts each batch into a fixed number of shards and runs them forward and backward side by side, with single-threaded
/// products. Then the gradient is computed in pieces of tensors: in each, the shards' parts are added up as a tree of
/// halves, ((0 + 1) + (2 + 3)) + …, so that the result does not depend on the number of threads.
///
/// A batch of many tokens has several times as many shards, which are run in rounds, one round after the other in the
/// same memory. A round is a subtree, so that the sums of rounds are added up by the same tree.
///
/// Each rank of a world has the same number of consecutive shards. The sum over the ranks goes on with the tree: with
/// 1, 2, 4 … ranks that divide the shards, the result does not depend on their number either.
class GradientWorkers {
 public:
  /// The number of ranks divides `shards`, those of a round.
  GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, const RoundLimits& limits, ThreadPool& threads,
                  Communicator& world);

  /// Arenas that the sums of so many rounds need beside `grads`.
  static std::int64_t spare_arenas(std::int64_t rounds);

  /// The loss of all batches together; its gradient is written to `grads`. `random` is the dropout's stream for this
  /// update. All ranks give the same and get the same.
  BatchGradient gradient(const Arena<float>& values, std::span<const WeightedBatch> batches, Random random,
                         Arena<float>& grads);

  /// Sum of −log p over batches, without dropout. The ranks share the batches, and all get the sum.
  LossSum evaluate(const Arena<float>& values, const std::vector<Batch>& batches);

 private:
  /// What a shard's terms are made of.
  struct Shard {
    explicit Shard(const Layout& layout) : terms(layout) {}

    TokenGrid source;
    TokenGrid target;
    std::vector<float> weights;
    std::vector<TokenId> inputs;
    std::vector<Index> source_of;
    Scratch<float> scratch;
    GradientTerms<float> terms;
  };
  /// A block of a tensor.
  struct Piece {
    TensorId tensor;
    Index row;
    Index column;
    Index rows;
    Index columns;
  };

  /// Forward, and with `gradient` backward.
  LossSum run(const Arena<float>& values, const WeightedBatch& part, Random dropout, bool gradient, Shard& shard) const;
  /// sum = the gradients of shards [first, last), a tree of halves. `spare` has room for a piece at each level.
  void add_up(const Piece& piece, std::size_t first, std::size_t last, MatrixRef<float> sum, float* spare) const;
  /// Adds a round's gradients to the sums of those before; after the last, grads has them all, and squares theirs.
  void add_round(std::uint64_t round, bool last, Arena<float>& grads, std::vector<double>& squares);

  const Seq2Seq<float>& model_;
  RoundLimits limits_;
  ThreadPool& threads_;
  Communicator& world_;
  std::vector<Shard> shards_;  // of this rank
  std::vector<Piece> pieces_;
  std::vector<Vector<float>> spare_;      // by worker
  std::vector<Arena<float>> later_sums_;  // of rounds, that wait for the rest of their half
};

}  // namespace isthmus
