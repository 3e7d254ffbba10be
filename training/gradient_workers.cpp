#include "training/gradient_workers.h"

namespace isthmus {
GradientWorkers::GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, ThreadPool& threads)
    : model_(model), threads_(threads), scratch_(threads.size()) {
  for (std::int64_t i = 0; i < shards; ++i) grads_.emplace_back(model.layout());
}

LossSum GradientWorkers::run(const Arena<float>& values, const Batch& part, float weight, const RunOptions& options,
                             std::size_t worker, Arena<float>* grads) {
  const TokenGrid source = model_.pack_source(part.source);
  const TokenGrid target = model_.pack_target(part.target);
  const std::vector<float> weights(static_cast<std::size_t>(target.tokens()), weight);
  return model_.run(values, source, target, weights, options, scratch_[worker], grads);
}

LossSum GradientWorkers::gradient(const Arena<float>& values, const Batch& batch, double label_smoothing,
                                  Random random) {
  const float weight = 1.0f / static_cast<float>(batch.target_tokens());
  const std::vector<Batch> parts = make_shards(batch, static_cast<std::int64_t>(grads_.size()));
  std::vector<LossSum> sums(parts.size());
  threads_.run(parts.size(), [&](std::size_t shard, std::size_t worker) {
    grads_[shard].flat().setZero();
    if (parts[shard].size() == 0) return;
    const RunOptions options{.label_smoothing = label_smoothing, .dropout = random.split(shard)};
    sums[shard] = run(values, parts[shard], weight, options, worker, &grads_[shard]);
  });
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

LossSum GradientWorkers::evaluate(const Arena<float>& values, const std::vector<Batch>& batches) {
  std::vector<LossSum> sums(batches.size());
  threads_.run(batches.size(), [&](std::size_t i, std::size_t worker) {
    sums[i] = run(values, batches[i], 1.0f, {}, worker, nullptr);
  });
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

}  // namespace isthmus
