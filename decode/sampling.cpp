#include "decode/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace isthmus {
namespace {

constexpr Index kBlock = TokenScores<float>::kBlock;
/// What is e^50 times less probable than the best is never drawn: a draw has 53 bits.
constexpr float kNegligible = 50.0f;
constexpr float kNever = -std::numeric_limits<float>::infinity();

}  // namespace

void describe(OptionVisitor& visit, SamplingOptions& options) {
  visit("temperature", options.temperature, "with --sample: below 1 draws likelier words, above 1 rarer ones",
        between(0.01, 100));
  visit("top-k", options.top_k, "with --sample: draws among so many of the likeliest pieces; 0 is all",
        between(0, 1000000));
  visit("top-p", options.top_p, "with --sample: draws among the fewest pieces that together are so likely; 1 is all",
        between(0.001, 1));
}

TokenDistribution::TokenDistribution(Index vocabulary, const SamplingOptions& options)
    : options_(options), weights_(vocabulary), sums_(static_cast<std::size_t>((vocabulary + kBlock - 1) / kBlock)) {}

bool TokenDistribution::set(const TokenScores<float>& scores, Index column, const Allowed& allowed) {
  weights_ = scores.log_probs(column);
  weights_[kBegin] = kNever;
  if (!allowed.unknown) weights_[kUnknown] = kNever;
  if (!allowed.end) weights_[kEnd] = kNever;
  for (const TokenId token : allowed.blocked) weights_[token] = kNever;
  const float highest = weights_.maxCoeff<Eigen::PropagateNumbers>();
  if (!std::isfinite(highest)) return false;
  const auto temperature = static_cast<float>(options_.temperature);
  const float lowest = highest - kNegligible * temperature;
  for (float& weight : weights_) weight = weight > lowest ? weight : kNever;  // NaN too
  weights_ = ((weights_ - highest) / temperature).exp();
  if (options_.top_k > 0) keep_top_k();
  if (options_.top_p < 1.0) keep_top_p();
  sum_up();
  return true;
}

void TokenDistribution::sum_up() {
  total_ = 0.0;
  for (std::size_t block = 0; block < sums_.size(); ++block) {
    const Index begin = static_cast<Index>(block) * kBlock;
    sums_[block] = static_cast<double>(weights_.segment(begin, std::min(kBlock, weights_.size() - begin)).sum());
    total_ += sums_[block];
  }
}

std::vector<Index> TokenDistribution::by_weight() const {
  std::vector<Index> tokens;
  for (Index token = 0; token < weights_.size(); ++token) {
    if (weights_[token] > 0.0f) tokens.push_back(token);
  }
  std::sort(tokens.begin(), tokens.end(),
            [this](Index a, Index b) { return weights_[a] > weights_[b] || (weights_[a] == weights_[b] && a < b); });
  return tokens;
}

void TokenDistribution::keep_top_k() {
  const std::vector<Index> tokens = by_weight();
  for (std::size_t i = static_cast<std::size_t>(options_.top_k); i < tokens.size(); ++i) weights_[tokens[i]] = 0.0f;
}

void TokenDistribution::keep_top_p() {
  const std::vector<Index> tokens = by_weight();
  double total = 0.0;
  for (const Index token : tokens) total += static_cast<double>(weights_[token]);
  double kept = 0.0;
  for (const Index token : tokens) {
    if (kept >= options_.top_p * total) {
      weights_[token] = 0.0f;
    } else {
      kept += static_cast<double>(weights_[token]);
    }
  }
}

TokenId TokenDistribution::draw(double uniform) const {
  double left = uniform * total_;
  Index begin = 0;
  for (std::size_t block = 0; block < sums_.size(); ++block) {
    if (sums_[block] == 0.0) continue;
    begin = static_cast<Index>(block) * kBlock;
    if (left < sums_[block]) break;
    left -= sums_[block];
  }
  // Rounding may lead past the last token of a block: then it is this one.
  Index token = begin;
  for (Index i = begin; i < std::min(begin + kBlock, weights_.size()); ++i) {
    if (weights_[i] == 0.0f) continue;
    token = i;
    if (left < static_cast<double>(weights_[i])) break;
    left -= static_cast<double>(weights_[i]);
  }
  return static_cast<TokenId>(token);
}

}  // namespace isthmus
