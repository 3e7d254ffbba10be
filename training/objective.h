// What training minimises, as the trainer sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/threads.h"
#include "model/seq2seq.h"
#include "tokenizer/tokenizer.h"
#include "training/observer.h"
#include "training/training_options.h"
#include "training/weighted_batch.h"

namespace isthmus {

/// Turns a batch into translations and weights. The gradient is the same for all objectives; this choice is all in
/// which they differ. A function of its arguments and of state(): the same for any number of threads.
class Objective {
 public:
  virtual ~Objective() = default;

  /// What is to be learned of a batch at an update, from 1. The losses of the batches returned add up; the first is the
  /// cross-entropy of the reference, if any.
  virtual std::vector<WeightedBatch> weigh(const Arena<float>& values, const Batch& batch, std::int64_t update,
                                           Random random) = 0;
  /// What the last batch's candidates were like; null for objectives without candidates.
  virtual const SequenceReport* report() const { return nullptr; }

  /// What it has learned on the way, for whoever goes on.
  virtual std::string state() const { return {}; }
  /// False for what state() cannot have given.
  virtual bool restore(std::string_view state) { return state.empty(); }
};

/// `model` and `threads` must outlive it. `pairs` is the number of pairs of the training text.
std::unique_ptr<Objective> make_objective(const TrainingOptions& options, const Seq2Seq<float>& model,
                                          const TokenizerPair& tokenizers, std::uint64_t pairs, ThreadPool& threads);

}  // namespace isthmus
