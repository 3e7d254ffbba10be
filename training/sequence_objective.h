// Objectives that judge what the model writes itself.
#pragma once

#include "training/candidates.h"
#include "training/objective.h"
#include "training/objectives.h"

namespace isthmus {

/// λ · (cross-entropy of the reference per token) + (1 − λ) · (the objective's loss per sentence). Candidates are made
/// and scored without dropout, and their gradient is taken without it; the reference's cross-entropy has it.
class SequenceObjective : public Objective {
 public:
  SequenceObjective(const TrainingOptions& options, const Seq2Seq<float>& model, const TokenizerPair& tokenizers,
                    std::uint64_t pairs, ThreadPool& threads);

  std::vector<WeightedBatch> weigh(const Arena<float>& values, const Batch& batch, std::int64_t update,
                                   Random random) override;
  const SequenceReport* report() const override { return &report_; }
  std::string state() const override;
  bool restore(std::string_view state) override;

 private:
  /// What a sentence's candidates come to.
  struct Judgement {
    ObjectiveValue value;
    std::vector<double> baselines;  ///< by candidate; empty: none
  };

  Judgement judge(const CandidateSet& set);
  std::vector<double> baselines_of(const CandidateSet& set);
  /// The running mean, the linear baseline and the background learn from a sentence's candidates.
  void learn_from(const CandidateSet& set);
  double predicted_reward(const Vector<float>& context) const;
  bool is_logged(const Batch& batch, std::size_t i) const;
  void report_sentence(const Batch& batch, std::size_t i, const CandidateSet& set, const Judgement& judgement);

  TrainingOptions options_;
  TokenizerPair tokenizers_;
  double logged_share_;  ///< of the pairs
  CandidateMaker maker_;
  SequenceReport report_;
  double mean_reward_ = 0.0;
  double seen_ = 0.0;           ///< sentences that the mean is of
  std::vector<double> linear_;  ///< coefficients of the context, then the constant
  BleuBackground background_;
};

}  // namespace isthmus
