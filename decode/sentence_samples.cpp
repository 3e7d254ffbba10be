#include "decode/sentence_samples.h"

#include <cmath>
#include <utility>

namespace isthmus {

SentenceSamples::SentenceSamples(const SearchOptions& options, SearchLimits limits, const Random& random,
                                 TokenDistribution& distribution)
    : options_(options),
      limits_(std::move(limits)),
      distribution_(distribution),
      samples_(static_cast<std::size_t>(options.nbest)),
      columns_{{0, samples_.size(), 0}} {
  for (std::size_t k = 0; k < samples_.size(); ++k) random_.push_back(random.split(k));
}

void SentenceSamples::advance(const TokenScores<float>& scores, Index first) {
  const std::vector<Column> before = std::exchange(columns_, {});
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto parent = static_cast<Index>(i);
    extend(before[i], parent, scores, first + parent);
  }
}

void SentenceSamples::extend(const Column& column, Index parent, const TokenScores<float>& scores, Index place) {
  const auto length = std::ssize(samples_of(column)[0].tokens);
  if (const std::optional<TokenId> token = limits_.forced(length)) {
    force(*token, column, parent, scores.log_prob(*token, place));
  } else {
    draw(column, parent, scores, place);
  }
}

void SentenceSamples::force(TokenId token, const Column& column, Index parent, float log_prob) {
  const bool possible = std::isfinite(log_prob);
  for (Hypothesis& sample : samples_of(column)) {
    if (possible) {
      sample.tokens.push_back(token);
      sample.token_log_probs.push_back(log_prob);
    } else {
      sample.stop = StopReason::kDeadEnd;
    }
  }
  if (possible) columns_.push_back({column.begin, column.end, parent});
}

void SentenceSamples::draw(const Column& column, Index parent, const TokenScores<float>& scores, Index place) {
  const Sentence& tokens = samples_of(column)[0].tokens;
  const auto length = std::ssize(tokens);
  const std::vector<TokenId> blocked = limits_.blocked_after(tokens);
  if (!distribution_.set(scores, place, {options_.allow_unknown, limits_.may_end(length), blocked})) {
    for (Hypothesis& sample : samples_of(column)) sample.stop = StopReason::kDeadEnd;
    return;
  }
  for (std::size_t k = column.begin; k < column.end; ++k) {
    Hypothesis& sample = samples_[k];
    TokenId token = distribution_.draw(random_[k].uniform());
    if (length == limits_.longest() && token != kEnd) {
      token = kEnd;
      sample.stop = std::isfinite(scores.log_prob(kEnd, place)) ? StopReason::kMaxLength : StopReason::kDeadEnd;
      if (sample.stop == StopReason::kDeadEnd) continue;
    }
    sample.token_log_probs.push_back(scores.log_prob(token, place));
    if (token == kEnd) continue;
    sample.tokens.push_back(token);
    columns_.push_back({k, k + 1, parent});
  }
}

NBest SentenceSamples::take() {
  for (Hypothesis& sample : samples_) set_score(options_, sample);
  return std::move(samples_);
}

}  // namespace isthmus
