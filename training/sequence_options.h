// Options of objectives beyond cross-entropy: what the model writes itself, and how it is judged.
#pragma once

#include <cstdint>

#include "core/options.h"
#include "training/rewards.h"

namespace isthmus {

/// What training minimises. docs/sequence-level.md has the formulas.
enum class ObjectiveType {
  kMle,            ///< cross-entropy of the reference, token by token
  kMrt,            ///< minimum risk (Shen et al. 2016)
  kRisk,           ///< the same with scores normalised by length (Edunov et al. 2018)
  kReinforce,      ///< expected reward (Williams 1992, Ranzato et al. 2016)
  kScst,           ///< its baseline is the reward of the greedy translation (Rennie et al. 2017)
  kSeqNll,         ///< cross-entropy over candidates: the best is the right one (Edunov et al. 2018)
  kMaxMargin,      ///< margins between candidates (Edunov et al. 2018)
  kSoftmaxMargin,  ///< the same, softly (Gimpel & Smith 2010, Edunov et al. 2018)
  kMixer,          ///< cross-entropy of the first tokens, reinforce of the rest (Ranzato et al. 2016)
  kRaml            ///< cross-entropy of references with random edits (Norouzi et al. 2016)
};
template <>
struct EnumNames<ObjectiveType> {
  static constexpr std::string_view names[] = {"mle",    "mrt",       "risk",          "reinforce", "scst",
                                               "seqnll", "maxmargin", "softmaxmargin", "mixer",     "raml"};
};

/// Where candidates come from.
enum class CandidateSource { kSample, kBeam };
template <>
struct EnumNames<CandidateSource> {
  static constexpr std::string_view names[] = {"sample", "beam"};
};

/// What is subtracted from a reward.
enum class BaselineType {
  kNone,
  kMean,         ///< of all rewards so far, newer ones counting more
  kLeaveOneOut,  ///< mean of the sentence's other candidates
  kGreedy,       ///< reward of the greedy translation
  kLinear        ///< a linear function of the context vector, learned on the way (Ranzato et al. 2016)
};
template <>
struct EnumNames<BaselineType> {
  static constexpr std::string_view names[] = {"none", "mean", "loo", "greedy", "linear"};
};

/// How the share of the decoder's inputs that are the reference's falls from update to update (Bengio et al. 2015).
enum class ScheduledSampling { kNone, kLinear, kExponential, kInverseSigmoid };
template <>
struct EnumNames<ScheduledSampling> {
  static constexpr std::string_view names[] = {"none", "linear", "exponential", "inverse-sigmoid"};
};

struct SequenceOptions {
  CandidateSource candidates = CandidateSource::kSample;
  std::int64_t num_candidates = 20;  ///< of a sentence
  bool include_reference = false;    ///< as one more candidate; not for reinforce, scst and mixer, which need samples
  double temperature = 1.0;          ///< of sampling
  double candidate_length_factor = 1.5;  ///< a candidate has at most factor · (source pieces) + extra pieces
  std::int64_t candidate_length_extra = 10;
  RewardType reward = RewardType::kBleu;
  BaselineType baseline = BaselineType::kLeaveOneOut;  ///< of reinforce and mixer
  double mrt_alpha = 0.0;          ///< sharpness of Q; 0: the objective's own, 0.005 for mrt, 1 for risk
  double mle_weight = 0.3;         ///< share of the cross-entropy of the reference
  std::int64_t mixer_start = 10;   ///< first tokens that are learned by cross-entropy, at first
  std::int64_t mixer_every = 200;  ///< updates after which there is one less
  double raml_temperature = 0.85;  ///< τ: the number of edits e of a reference has a probability ∝ exp(−e/τ)
  ScheduledSampling scheduled_sampling = ScheduledSampling::kNone;
  double scheduled_k = 0.0;         ///< speed of the schedule; 0: its own
  double scheduled_least = 0.5;     ///< least share of the reference
  std::int64_t log_candidates = 8;  ///< training pairs whose candidates go into the ledger
};
void describe(OptionVisitor& visit, SequenceOptions& options);

/// Whether an objective judges what the model writes itself, so that it must start from one that translates already.
bool needs_candidates(ObjectiveType objective);

/// Throws UsageError for options that contradict each other.
void check(ObjectiveType objective, const SequenceOptions& options);

/// The share of the decoder's inputs that are the reference's at an update, from 1.
double reference_share(const SequenceOptions& options, std::int64_t update);

/// First tokens that mixer learns by cross-entropy at an update, from 1.
std::int64_t mixer_prefix(const SequenceOptions& options, std::int64_t update);

}  // namespace isthmus
