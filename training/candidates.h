// Translations that a model makes of training sentences, and what they are worth.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/threads.h"
#include "decode/seq2seq_step_model.h"
#include "model/seq2seq.h"
#include "tokenizer/tokenizer.h"
#include "training/batches.h"
#include "training/rewards.h"
#include "training/sequence_options.h"

namespace isthmus {

struct CandidateTranslation {
  enum class Kind { kSample, kBeam, kReference };

  Kind kind = Kind::kSample;
  Sentence tokens;  ///< without the end
  std::string text;
  double log_prob = 0.0;   ///< of the tokens and the end, at temperature 1
  double reward = 0.0;     ///< in [0, 1], but for RewardType::kCorpusBleu
  bool duplicate = false;  ///< the tokens of an earlier one
};

/// Of one sentence.
struct CandidateSet {
  std::string reference;
  std::vector<CandidateTranslation> candidates;
  std::optional<double> greedy_reward;  ///< if asked for
  BleuStatistics greedy_bleu;           ///< what that reward counted, if it is of BLEU
  Vector<float> context;                ///< the top layer's final state; if asked for
};

/// What is made beside the candidates.
struct CandidateWishes {
  bool greedy_reward = false;
  bool context = false;
  std::int64_t prefix = 0;                     ///< first tokens of the reference that each candidate begins with
  const BleuBackground* background = nullptr;  ///< of RewardType::kCorpusBleu
};

/// Makes candidates with the weights as they are now, without dropout. A batch is cut into a fixed number of parts, for
/// threads to share; each encodes its sentences once and decodes all their candidates together. The random stream of
/// sentence i is random.split(i), so that what it gets does not depend on its neighbours or on threads (the
/// log-probability of the reference depends on the parts, to rounding).
class CandidateMaker {
 public:
  /// All must outlive it.
  CandidateMaker(const Seq2Seq<float>& model, const TokenizerPair& tokenizers, const SequenceOptions& options,
                 std::int64_t parts, ThreadPool& threads);

  std::vector<CandidateSet> make(const Arena<float>& values, const Batch& batch, const CandidateWishes& wishes,
                                 Random random);

 private:
  /// Memory of one thread.
  struct Worker {
    Scratch<float> scratch;
    std::unique_ptr<Seq2SeqStepModel> step_model;
    RewardScorer scorer;
  };

  void make_part(const DecodingWeights<float>& weights, const Batch& part, const CandidateWishes& wishes,
                 std::span<const Random> streams, Worker& worker, std::span<CandidateSet> sets) const;
  void score(Worker& worker, CandidateSet& set) const;

  const Seq2Seq<float>& model_;
  TokenizerPair tokenizers_;
  SequenceOptions options_;
  std::size_t parts_;
  ThreadPool& threads_;
};

}  // namespace isthmus
