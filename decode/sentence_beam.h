// The beam of one sentence.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/search_limits.h"
#include "decode/sentence_search.h"
#include "decode/top_candidates.h"

namespace isthmus {

/// Beam search. A step extends the live hypotheses by every token; of all these, the best `beam` (by log-probability)
/// that do not end live on, and those that end are finished if they are among the best `beam` of all. Of equally
/// probable ones the lower token is better. The begin is never chosen, unknown only if allowed, the end not before
/// min_length, and nothing that repeats an n-gram that may not be. After the longest translation the end is forced, and
/// its probability counts.
///
/// The sentence is done when `beam` hypotheses are finished, or earlier when `nbest` are and no live one can still
/// overtake them: log-probabilities only fall, so that a live one's score is at most its log-probability over the
/// penalty of the longest translation. Memory grows by `beam` small nodes a step.
class SentenceBeam : public SentenceSearch {
 public:
  /// `options` must outlive the object.
  SentenceBeam(const SearchOptions& options, SearchLimits limits);

  Index live() const override { return static_cast<Index>(live_.size()); }
  TokenId last(Index live) const override { return at(live).last; }
  Index parent(Index live) const override { return at(live).parent; }
  void advance(const TokenScores<float>& scores, Index first) override;
  NBest take() override;

 private:
  /// A token of a hypothesis; the path to the root is the hypothesis.
  struct Node {
    std::int32_t previous;
    TokenId token;
    float log_prob;
  };
  static constexpr std::int32_t kRoot = -1;

  struct Live {
    std::int32_t node;
    TokenId last;
    Index parent;
    double log_prob;
  };

  const Live& at(Index live) const { return live_[static_cast<std::size_t>(live)]; }
  void offer_all(const TokenScores<float>& scores, Index first);
  void finish_ends();
  void finish_at_limit(const TokenScores<float>& scores, Index first);
  void finish_dead_end();
  void continue_live();
  bool can_be_overtaken() const;
  bool prefers_to_go_on(const TokenScores<float>& scores, Index column) const;
  Hypothesis path_of(std::int32_t node) const;
  void add_finished(Hypothesis hypothesis);

  const SearchOptions& options_;
  SearchLimits limits_;
  std::int64_t length_ = 0;
  std::vector<Node> nodes_;
  std::vector<Live> live_ = {{kRoot, kBegin, 0, 0.0}};
  std::vector<Live> next_;
  TopCandidates continuations_;
  TopCandidates ends_;
  NBest finished_;
};

}  // namespace isthmus
