// The gradient of a batch, by several threads.
#pragma once

#include <vector>

#include "core/threads.h"
#include "model/seq2seq.h"
#include "training/batches.h"

namespace isthmus {

/// Cuts each batch into a fixed number of shards, computes their gradients side by side with single-threaded products,
/// and keeps them apart for the optimiser to add up in order: the result does not depend on the number of threads.
class GradientWorkers {
 public:
  GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, ThreadPool& threads);

  /// Mean cross-entropy per target token of the batch, with its gradients in shards(). `random` is the dropout's stream
  /// for this update.
  LossSum gradient(const Arena<float>& values, const Batch& batch, double label_smoothing, Random random);

  /// Sum of −log p over batches, without dropout.
  LossSum evaluate(const Arena<float>& values, const std::vector<Batch>& batches);

  std::vector<Arena<float>>& shards() { return grads_; }

 private:
  LossSum run(const Arena<float>& values, const Batch& part, float weight, const RunOptions& options,
              std::size_t worker, Arena<float>* grads);

  const Seq2Seq<float>& model_;
  ThreadPool& threads_;
  std::vector<Arena<float>> grads_;      // by shard
  std::vector<Scratch<float>> scratch_;  // by worker
};

}  // namespace isthmus
