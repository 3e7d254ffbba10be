// The objectives of training on whole sequences: what they give each candidate translation of one source. Pure
// functions of log-probabilities and rewards; no model.
//
// All are differentiated through log P alone, with the candidates and their rewards held fixed. The length-normalised
// score of a candidate is s = log P / length. Costs are 1 − reward.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace isthmus {

/// The K candidates of one source.
struct CandidateScores {
  std::vector<double> log_probs;  ///< log P; −inf is allowed, and counts nowhere
  std::vector<double> lengths;    ///< in tokens, the end included, ≥ 1
  std::vector<double> rewards;    ///< in 0..1, more is better
  std::vector<char> masked;       ///< duplicates, which count nowhere; empty: none
};

struct ObjectiveValue {
  double value = 0.0;           ///< what is minimised; 0 if no candidate counts
  std::vector<double> weights;  ///< w: the gradient of value is that of Σ −w·log P
  std::vector<double> q;        ///< the distribution over the candidates; empty where there is none
};

/// Minimum risk (Shen et al. 2016, https://aclanthology.org/P16-1159): Σ Q·(1 − r), Q ∝ P^alpha, by unnormalised log P,
/// for which alpha is small, about 5e-3.
///   w = alpha·Q·(r − ΣQ·r), exactly 0 where all rewards are equal
ObjectiveValue mrt(const CandidateScores& scores, double alpha);

/// Risk (Edunov et al. 2018, https://aclanthology.org/N18-1033, section 3.2): as mrt with Q ∝ exp(alpha·s), for which
/// alpha is about 1.
///   w = alpha·Q·(r − ΣQ·r) / length
ObjectiveValue risk(const CandidateScores& scores, double alpha);

/// Sequence likelihood (Edunov et al. 2018): −log Q of the target, Q ∝ exp(s). The target is the candidate of the
/// highest reward; of equals the more probable, then the first; in the two below as well.
///   w = ([target] − Q) / length
ObjectiveValue seqnll(const CandidateScores& scores);

/// Maximum margin (Edunov et al. 2018): how much the worst offender, the candidate with the highest s + cost, violates
/// that the target's s leads by the difference of their costs; 0 if it does not. No Q.
///   w = ([target] − [offender]) / length
ObjectiveValue maxmargin(const CandidateScores& scores);

/// Softmax margin (Gimpel and Smith 2010; Edunov et al. 2018): log Σ exp(s + cost) − s of the target; Q ∝ exp(s +
/// cost).
///   w = ([target] − Q) / length
ObjectiveValue softmaxmargin(const CandidateScores& scores);

/// REINFORCE (Williams 1992; Ranzato et al. 2016, https://arxiv.org/abs/1511.06732): −Σ (r − b)·log P / K, with a
/// baseline b for each candidate. Candidates are samples, so that masks are ignored and duplicates count. No Q.
///   w = (r − b) / K
ObjectiveValue reinforce(const CandidateScores& scores, std::span<const double> baselines);

/// The mean reward, for each candidate.
std::vector<double> mean_baseline(std::span<const double> rewards);

/// The mean reward of the others; 0 where there is no other. Leaves REINFORCE unbiased (Kool et al. 2019).
std::vector<double> leave_one_out_baseline(std::span<const double> rewards);

/// What a set of candidates is worth. An objective that gains by peakiness shows here.
struct CandidateDiagnostics {
  double entropy = 0.0;                ///< of Q, in nats
  double top1_mass = 0.0;              ///< the highest Q
  double unique = 0.0;                 ///< share of the candidates that are not masked
  double effective_sample_size = 0.0;  ///< 1 / ΣQ²; 0 without Q
};
CandidateDiagnostics diagnostics(const CandidateScores& scores, std::span<const double> q);

}  // namespace isthmus
