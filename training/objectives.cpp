#include "training/objectives.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace isthmus {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

[[maybe_unused]] bool valid(const CandidateScores& scores) {
  const std::size_t count = scores.log_probs.size();
  if (scores.lengths.size() != count || scores.rewards.size() != count) return false;
  if (!scores.masked.empty() && scores.masked.size() != count) return false;
  for (std::size_t k = 0; k < count; ++k) {
    if (std::isnan(scores.log_probs[k]) || scores.log_probs[k] == kInfinity) return false;
    if (!(scores.lengths[k] >= 1.0) || !std::isfinite(scores.rewards[k])) return false;
  }
  return true;
}

bool counts(const CandidateScores& scores, std::size_t k) {
  return (scores.masked.empty() || scores.masked[k] == 0) && std::isfinite(scores.log_probs[k]);
}

/// log P / length; −inf where a candidate does not count.
std::vector<double> normalised_scores(const CandidateScores& scores) {
  std::vector<double> normalised(scores.log_probs.size(), -kInfinity);
  for (std::size_t k = 0; k < normalised.size(); ++k) {
    if (counts(scores, k)) normalised[k] = scores.log_probs[k] / scores.lengths[k];
  }
  return normalised;
}

struct Softmax {
  std::vector<double> q;
  double log_sum = -kInfinity;  // log Σ exp
};

Softmax softmax(std::span<const double> logits) {
  Softmax result{std::vector<double>(logits.size(), 0.0)};
  double highest = -kInfinity;
  for (const double logit : logits) highest = std::max(highest, logit);
  if (highest == -kInfinity) return result;
  double sum = 0.0;
  for (std::size_t k = 0; k < logits.size(); ++k) sum += result.q[k] = std::exp(logits[k] - highest);
  for (double& q : result.q) q /= sum;
  result.log_sum = highest + std::log(sum);
  return result;
}

/// Σ Q·(1 − r) for Q ∝ exp(slope·log P). Rewards are taken relative to the first that counts, so that equal rewards are
/// zeros and give zeros.
ObjectiveValue expected_cost(const CandidateScores& scores, std::span<const double> slopes) {
  const std::size_t count = scores.log_probs.size();
  std::vector<double> logits(count, -kInfinity);
  std::size_t first = count;
  for (std::size_t k = 0; k < count; ++k) {
    if (!counts(scores, k)) continue;
    logits[k] = slopes[k] * scores.log_probs[k];
    first = std::min(first, k);
  }
  ObjectiveValue result{0.0, std::vector<double>(count, 0.0), softmax(logits).q};
  if (first == count) return result;
  const double base = scores.rewards[first];
  double mean = 0.0;
  for (std::size_t k = 0; k < count; ++k) mean += result.q[k] * (scores.rewards[k] - base);
  for (std::size_t k = 0; k < count; ++k) {
    result.weights[k] = slopes[k] * result.q[k] * (scores.rewards[k] - base - mean);
  }
  result.value = 1.0 - base - mean;
  return result;
}

/// The number of candidates if none counts.
std::size_t target_of(const CandidateScores& scores) {
  std::size_t best = scores.log_probs.size();
  for (std::size_t k = 0; k < scores.log_probs.size(); ++k) {
    if (!counts(scores, k)) continue;
    const bool better = best == scores.log_probs.size() || scores.rewards[k] > scores.rewards[best] ||
                        (scores.rewards[k] == scores.rewards[best] && scores.log_probs[k] > scores.log_probs[best]);
    if (better) best = k;
  }
  return best;
}

/// log Σ exp(s + cost_scale·cost) − s of the target.
ObjectiveValue cross_entropy(const CandidateScores& scores, double cost_scale) {
  const std::size_t count = scores.log_probs.size();
  const std::vector<double> normalised = normalised_scores(scores);
  std::vector<double> logits = normalised;
  for (std::size_t k = 0; k < count; ++k) logits[k] += cost_scale * (1.0 - scores.rewards[k]);
  Softmax distribution = softmax(logits);
  ObjectiveValue result{0.0, std::vector<double>(count, 0.0), std::move(distribution.q)};
  const std::size_t target = target_of(scores);
  if (target == count) return result;
  for (std::size_t k = 0; k < count; ++k) {
    result.weights[k] = ((k == target ? 1.0 : 0.0) - result.q[k]) / scores.lengths[k];
  }
  result.value = distribution.log_sum - normalised[target];
  return result;
}

}  // namespace

ObjectiveValue mrt(const CandidateScores& scores, double alpha) {
  assert(valid(scores) && alpha >= 0.0);
  return expected_cost(scores, std::vector<double>(scores.log_probs.size(), alpha));
}

ObjectiveValue risk(const CandidateScores& scores, double alpha) {
  assert(valid(scores) && alpha >= 0.0);
  std::vector<double> slopes;
  for (const double length : scores.lengths) slopes.push_back(alpha / length);
  return expected_cost(scores, slopes);
}

ObjectiveValue seqnll(const CandidateScores& scores) {
  assert(valid(scores));
  return cross_entropy(scores, 0.0);
}

ObjectiveValue maxmargin(const CandidateScores& scores) {
  assert(valid(scores));
  const std::size_t count = scores.log_probs.size();
  ObjectiveValue result{0.0, std::vector<double>(count, 0.0), {}};
  const std::size_t target = target_of(scores);
  if (target == count) return result;
  const std::vector<double> normalised = normalised_scores(scores);
  std::size_t offender = target;
  for (std::size_t k = 0; k < count; ++k) {
    if (k == target) continue;
    const double violation = normalised[k] - normalised[target] + (scores.rewards[target] - scores.rewards[k]);
    if (!(violation > result.value)) continue;
    result.value = violation;
    offender = k;
  }
  if (offender == target) return result;
  result.weights[target] = 1.0 / scores.lengths[target];
  result.weights[offender] = -1.0 / scores.lengths[offender];
  return result;
}

ObjectiveValue softmaxmargin(const CandidateScores& scores) {
  assert(valid(scores));
  return cross_entropy(scores, 1.0);
}

ObjectiveValue reinforce(const CandidateScores& scores, std::span<const double> baselines) {
  assert(valid(scores) && baselines.size() == scores.log_probs.size());
  const std::size_t count = scores.log_probs.size();
  ObjectiveValue result{0.0, std::vector<double>(count, 0.0), {}};
  for (std::size_t k = 0; k < count; ++k) {
    if (!std::isfinite(scores.log_probs[k])) continue;
    result.weights[k] = (scores.rewards[k] - baselines[k]) / static_cast<double>(count);
    result.value -= result.weights[k] * scores.log_probs[k];
  }
  return result;
}

// Both take the rewards relative to the first, so that equal rewards have themselves as the baseline to the last bit.

std::vector<double> mean_baseline(std::span<const double> rewards) {
  if (rewards.empty()) return {};
  double sum = 0.0;
  for (const double reward : rewards) sum += reward - rewards[0];
  return std::vector<double>(rewards.size(), rewards[0] + sum / static_cast<double>(rewards.size()));
}

std::vector<double> leave_one_out_baseline(std::span<const double> rewards) {
  if (rewards.size() < 2) return std::vector<double>(rewards.size(), 0.0);
  double sum = 0.0;
  for (const double reward : rewards) sum += reward - rewards[0];
  std::vector<double> baselines;
  for (const double reward : rewards) {
    baselines.push_back(rewards[0] + (sum - (reward - rewards[0])) / static_cast<double>(rewards.size() - 1));
  }
  return baselines;
}

CandidateDiagnostics diagnostics(const CandidateScores& scores, std::span<const double> q) {
  assert(q.empty() || q.size() == scores.log_probs.size());
  CandidateDiagnostics result;
  double squares = 0.0;
  for (const double share : q) {
    if (share > 0.0) result.entropy -= share * std::log(share);
    result.top1_mass = std::max(result.top1_mass, share);
    squares += share * share;
  }
  if (squares > 0.0) result.effective_sample_size = 1.0 / squares;
  const auto masked = std::count_if(scores.masked.begin(), scores.masked.end(), [](char mask) { return mask != 0; });
  const auto count = static_cast<double>(scores.log_probs.size());
  if (count > 0.0) result.unique = (count - static_cast<double>(masked)) / count;
  return result;
}

}  // namespace isthmus
