#include "training/gradient_workers.h"

namespace isthmus {
namespace {

std::vector<Sentence> sentences_of(const TokenStore& store, const BatchIndices& indices) {
  std::vector<Sentence> sentences;
  sentences.reserve(indices.size());
  for (const std::uint32_t i : indices) sentences.emplace_back(store[i].begin(), store[i].end());
  return sentences;
}

}  // namespace

GradientWorkers::GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, ThreadPool& threads)
    : model_(model), threads_(threads), scratch_(threads.size()) {
  for (std::int64_t i = 0; i < shards; ++i) grads_.emplace_back(model.layout());
}

LossSum GradientWorkers::run(const Arena<float>& values, const TokenPairs& corpus, const BatchIndices& part,
                             float weight, const RunOptions& options, std::size_t worker, Arena<float>* grads) {
  const TokenGrid source = model_.pack_source(sentences_of(corpus.source, part));
  const TokenGrid target = model_.pack_target(sentences_of(corpus.target, part));
  const std::vector<float> weights(static_cast<std::size_t>(target.tokens()), weight);
  return model_.run(values, source, target, weights, options, scratch_[worker], grads);
}

LossSum GradientWorkers::gradient(const Arena<float>& values, const TokenPairs& corpus, const BatchIndices& batch,
                                  double label_smoothing, Random random) {
  std::size_t tokens = batch.size();  // the end tokens
  for (const std::uint32_t i : batch) tokens += corpus.target.length(i);
  const float weight = 1.0f / static_cast<float>(tokens);
  const std::vector<BatchIndices> parts = make_shards(batch, static_cast<std::int64_t>(grads_.size()));
  std::vector<LossSum> sums(parts.size());
  threads_.run(parts.size(), [&](std::size_t shard, std::size_t worker) {
    grads_[shard].flat().setZero();
    if (parts[shard].empty()) return;
    const RunOptions options{.label_smoothing = label_smoothing, .dropout = random.split(shard)};
    sums[shard] = run(values, corpus, parts[shard], weight, options, worker, &grads_[shard]);
  });
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

LossSum GradientWorkers::evaluate(const Arena<float>& values, const TokenPairs& corpus,
                                  const std::vector<BatchIndices>& batches) {
  std::vector<LossSum> sums(batches.size());
  threads_.run(batches.size(), [&](std::size_t i, std::size_t worker) {
    sums[i] = run(values, corpus, batches[i], 1.0f, {}, worker, nullptr);
  });
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

}  // namespace isthmus
