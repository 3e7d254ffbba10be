// The samples of one sentence.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/sampling.h"
#include "decode/search_limits.h"
#include "decode/sentence_search.h"

namespace isthmus {

/// Ancestral sampling: `nbest` translations, drawn token by token and independently of each other, in the order of
/// their numbers. The same rules as in a beam say which tokens may come. After the longest translation the end is
/// forced. The log-probabilities of the result are the model's own: at temperature 1, not renormalised, with that of
/// the end, once.
///
/// Sample k draws from random.split(k) alone. A token of the prefix without a finite log-probability is a dead end. The
/// sentence is one column of the model until its first token is drawn; then its samples are.
class SentenceSamples : public SentenceSearch {
 public:
  /// `options` and `distribution`, which all sentences of a thread share, must outlive the object.
  SentenceSamples(const SearchOptions& options, SearchLimits limits, const Random& random,
                  TokenDistribution& distribution);

  Index live() const override { return static_cast<Index>(columns_.size()); }
  TokenId last(Index live) const override { return samples_[at(live).begin].tokens.back(); }
  Index parent(Index live) const override { return at(live).parent; }
  void advance(const TokenScores<float>& scores, Index first) override;
  NBest take() override;

 private:
  /// Samples [begin, end). More than one only while no token of them was drawn.
  struct Column {
    std::size_t begin;
    std::size_t end;
    Index parent;
  };

  const Column& at(Index live) const { return columns_[static_cast<std::size_t>(live)]; }
  std::span<Hypothesis> samples_of(const Column& column) {
    return std::span(samples_).subspan(column.begin, column.end - column.begin);
  }
  /// Gives each sample of the column its next token; those that go on get columns.
  void extend(const Column& column, Index parent, const TokenScores<float>& scores, Index place);
  void force(TokenId token, const Column& column, Index parent, float log_prob);
  void draw(const Column& column, Index parent, const TokenScores<float>& scores, Index place);

  const SearchOptions& options_;
  SearchLimits limits_;
  TokenDistribution& distribution_;
  std::vector<Random> random_;  // of each sample
  NBest samples_;               // also while they grow
  std::vector<Column> columns_;
};

}  // namespace isthmus
