// What a run needs of memory, known before its first update.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/encoded_corpus.h"
#include "model/seq2seq.h"
#include "training/training_options.h"
#include "training/weighted_batch.h"

namespace isthmus {

/// A batch, or a round of one, by the lengths of its sentences, ends included: ascending, source and target apart.
struct LargestBatch {
  std::vector<Index> source;
  std::vector<Index> target;

  std::int64_t sentences() const { return std::ssize(source); }
  std::int64_t source_tokens() const;
  std::int64_t target_tokens() const;
  /// Sentences of these lengths, with as many different pieces as a model has, in the order of a batch.
  Batch batch(const ModelOptions& model) const;
};

/// Bytes, and what they are for. A function of the options and the text: machines, threads and ranks plan alike.
struct MemoryPlan {
  RoundLimits limits;
  LargestBatch batch;            ///< no batch of the run has more sentences, or longer ones
  LargestBatch round;            ///< no round has
  std::int64_t rounds = 1;       ///< of the largest batch
  std::int64_t candidates = 0;   ///< of each sentence, for objectives that have them
  Index candidate_length = 0;    ///< of the longest, its end included
  std::int64_t parameters = 0;   ///< values, gradient, the optimiser's arenas
  std::int64_t activations = 0;  ///< of the largest round, all shards together
  std::int64_t rest = 0;         ///< the program, batches that wait, search on held-out text

  std::int64_t total() const { return parameters + activations + rest; }
};

/// What a run tries before its first update: its largest round and its largest batch.
std::vector<WeightedBatch> rehearsals(const MemoryPlan& plan, const TrainingOptions& options,
                                      const ModelOptions& model);

/// With --memory-budget, rounds are as large as it allows, else as their shards are still run fast. Throws UsageError
/// when a budget is too small for a sentence in each shard; it says how much is needed.
MemoryPlan plan_memory(const Seq2Seq<float>& model, const TrainingOptions& options, const EncodedCorpus& corpus);

}  // namespace isthmus
