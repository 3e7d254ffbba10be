// Objectives that learn a reference token by token: as it is, read with the model's own words in it, or with edits.
#pragma once

#include "training/objective.h"

namespace isthmus {

/// mle, with scheduled sampling if asked for, and raml.
class TokenObjective : public Objective {
 public:
  TokenObjective(const TrainingOptions& options, const Seq2Seq<float>& model, ThreadPool& threads)
      : options_(options), model_(model), threads_(threads) {}

  std::vector<WeightedBatch> weigh(const Arena<float>& values, const Batch& batch, std::int64_t update,
                                   Random random) override;

 private:
  const TrainingOptions options_;
  const Seq2Seq<float>& model_;
  ThreadPool& threads_;
};

/// What the decoder reads in scheduled sampling (Bengio et al. 2015): before each token, begin at first, with
/// probability `share` the reference's last token, else the one that the model finds likeliest after what it has read
/// so far. Random numbers are those of streams[i] for sentence i.
std::vector<Sentence> mixed_inputs(const Seq2Seq<float>& model, const DecodingWeights<float>& weights,
                                   const Batch& batch, double share, std::span<const Random> streams);

/// A reference with random edits, for raml: e tokens at different random places become random ones, where e is at most
/// the length and has a probability ∝ exp(−e/τ) (the number of edits alone decides, as in Wang et al. 2018,
/// 1808.07512).
Sentence edited(const Sentence& reference, double temperature, std::int64_t vocabulary, Random random);

}  // namespace isthmus
