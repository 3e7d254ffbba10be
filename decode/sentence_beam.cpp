#include "decode/sentence_beam.h"

#include <algorithm>
#include <utility>

namespace isthmus {
namespace {

/// The order of candidates: probability, then the lower hypothesis, then the lower token.
bool precedes(const Candidate& a, const Candidate& b) {
  if (a.log_prob != b.log_prob) return a.log_prob > b.log_prob;
  return a.parent != b.parent ? a.parent < b.parent : a.token < b.token;
}

}  // namespace

SentenceBeam::SentenceBeam(const SearchOptions& options, SearchLimits limits)
    : options_(options),
      limits_(std::move(limits)),
      continuations_(static_cast<std::size_t>(options.beam)),
      ends_(static_cast<std::size_t>(options.beam)) {}

void SentenceBeam::advance(const TokenScores<float>& scores, Index first) {
  continuations_.clear();
  ends_.clear();
  if (const std::optional<TokenId> forced = limits_.forced(length_)) {
    continuations_.offer_token({scores, first, at(0).log_prob, 0}, *forced);
  } else {
    offer_all(scores, first);
  }
  if (length_ == limits_.longest()) {
    finish_at_limit(scores, first);
  } else {
    finish_ends();
  }
  if (continuations_.items().empty() && finished_.empty()) finish_dead_end();
  continue_live();
  ++length_;
  const auto enough = static_cast<std::size_t>(options_.beam);
  if (finished_.size() >= enough || !can_be_overtaken()) live_.clear();
}

void SentenceBeam::offer_all(const TokenScores<float>& scores, Index first) {
  for (Index i = 0; i < live(); ++i) {
    const TopCandidates::Parent parent = {scores, first + i, at(i).log_prob, i};
    if (limits_.may_end(length_)) ends_.offer_token(parent, kEnd);
    if (length_ == limits_.longest()) continue;
    if (options_.allow_unknown) continuations_.offer_token(parent, kUnknown);
    if (limits_.blocks()) {
      continuations_.offer_words(parent, limits_.blocked_after(path_of(at(i).node).tokens));
    } else {
      continuations_.offer_words(parent);
    }
  }
}

void SentenceBeam::finish_ends() {
  const std::span<const Candidate> continuations = continuations_.items();
  std::size_t better = 0;
  for (std::size_t i = 0; i < ends_.items().size(); ++i) {
    const Candidate& end = ends_.items()[i];
    while (better < continuations.size() && precedes(continuations[better], end)) ++better;
    if (better + i >= static_cast<std::size_t>(options_.beam)) return;
    Hypothesis hypothesis = path_of(at(end.parent).node);
    hypothesis.token_log_probs.push_back(end.token_log_prob);
    add_finished(std::move(hypothesis));
  }
}

void SentenceBeam::finish_at_limit(const TokenScores<float>& scores, Index first) {
  for (const Candidate& end : ends_.items()) {
    Hypothesis hypothesis = path_of(at(end.parent).node);
    hypothesis.token_log_probs.push_back(end.token_log_prob);
    if (prefers_to_go_on(scores, first + end.parent)) hypothesis.stop = StopReason::kMaxLength;
    add_finished(std::move(hypothesis));
  }
}

void SentenceBeam::finish_dead_end() {
  Hypothesis hypothesis = path_of(at(0).node);
  hypothesis.stop = StopReason::kDeadEnd;
  add_finished(std::move(hypothesis));
}

void SentenceBeam::continue_live() {
  next_.clear();
  for (const Candidate& candidate : continuations_.items()) {
    nodes_.push_back({at(candidate.parent).node, candidate.token, candidate.token_log_prob});
    next_.push_back(
        {static_cast<std::int32_t>(nodes_.size() - 1), candidate.token, candidate.parent, candidate.log_prob});
  }
  live_.swap(next_);
}

bool SentenceBeam::can_be_overtaken() const {
  const auto wanted = static_cast<std::size_t>(options_.nbest);
  if (live_.empty() || finished_.size() < wanted) return true;
  const double penalty = length_penalty(options_.length_penalty_kind, options_.length_penalty, limits_.longest() + 1);
  return live_[0].log_prob / penalty > finished_[wanted - 1].score;
}

bool SentenceBeam::prefers_to_go_on(const TokenScores<float>& scores, Index column) const {
  TopCandidates best(1);
  const TopCandidates::Parent parent = {scores, column, 0.0, 0};
  if (options_.allow_unknown) best.offer_token(parent, kUnknown);
  best.offer_token(parent, kEnd);
  best.offer_words(parent);
  return best.items()[0].token != kEnd;
}

Hypothesis SentenceBeam::path_of(std::int32_t node) const {
  Hypothesis hypothesis;
  for (; node != kRoot; node = nodes_[static_cast<std::size_t>(node)].previous) {
    hypothesis.tokens.push_back(nodes_[static_cast<std::size_t>(node)].token);
    hypothesis.token_log_probs.push_back(nodes_[static_cast<std::size_t>(node)].log_prob);
  }
  std::reverse(hypothesis.tokens.begin(), hypothesis.tokens.end());
  std::reverse(hypothesis.token_log_probs.begin(), hypothesis.token_log_probs.end());
  return hypothesis;
}

void SentenceBeam::add_finished(Hypothesis hypothesis) {
  set_score(options_, hypothesis);
  const auto place = std::upper_bound(finished_.begin(), finished_.end(), hypothesis.score,
                                      [](double score, const Hypothesis& other) { return score > other.score; });
  finished_.insert(place, std::move(hypothesis));
}

NBest SentenceBeam::take() {
  const auto wanted = static_cast<std::size_t>(options_.nbest);
  if (finished_.size() > wanted) finished_.resize(wanted);
  return std::move(finished_);
}

}  // namespace isthmus
