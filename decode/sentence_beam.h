// The beam of one sentence.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "decode/top_candidates.h"

namespace isthmus {

/// Live and finished hypotheses of one sentence; see beam_search for the rules. Memory grows by `beam` small nodes a
/// step. `options` must outlive the object.
class SentenceBeam {
 public:
  SentenceBeam(const SearchOptions& options, std::size_t source_length);

  /// Number of live hypotheses: columns that the next step needs. One at first, none when the search is done.
  Index live() const { return static_cast<Index>(live_.size()); }
  /// Of a live hypothesis: its last token, and which of the live ones before the last advance() it continues.
  TokenId last(Index live) const { return at(live).last; }
  Index parent(Index live) const { return at(live).parent; }

  /// One step. Column first + i of `log_probs` is what may follow live hypothesis i.
  void advance(const Matrix<float>& log_probs, Index first);

  /// The n best finished ones, once live() is 0.
  NBest take();

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
  void finish_ends();
  void finish_at_limit(const Matrix<float>& log_probs, Index first);
  void finish_dead_end();
  void continue_live();
  bool can_be_overtaken() const;
  bool prefers_to_go_on(std::span<const float> log_probs) const;
  Hypothesis path_of(std::int32_t node) const;
  void add_finished(Hypothesis hypothesis);

  const SearchOptions& options_;
  std::int64_t limit_;
  std::int64_t length_ = 0;
  std::vector<Node> nodes_;
  std::vector<Live> live_ = {{kRoot, kBegin, 0, 0.0}};
  std::vector<Live> next_;
  TopCandidates continuations_;
  TopCandidates ends_;
  NBest finished_;
};

}  // namespace isthmus
