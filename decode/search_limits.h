// What a translation of a sentence may be: the rules that beam search and sampling share.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/types.h"
#include "decode/hypothesis.h"
#include "decode/search_options.h"

namespace isthmus {

/// Of one sentence.
class SearchLimits {
 public:
  /// The longest translation is that of the options, or the prefix where it is longer.
  SearchLimits(const SearchOptions& options, std::size_t source_length, Sentence prefix);

  /// Tokens that a translation has at most, without the end.
  std::int64_t longest() const { return longest_; }
  /// Whether so many tokens may be a whole translation.
  bool may_end(std::int64_t length) const { return length >= shortest_; }
  /// The token that must follow so many, if the prefix has one.
  std::optional<TokenId> forced(std::int64_t length) const;

  bool blocks() const { return ngram_ > 0; }
  /// The tokens that may not follow, for they would repeat an n-gram of these.
  std::vector<TokenId> blocked_after(std::span<const TokenId> tokens) const;

 private:
  Sentence prefix_;
  std::int64_t longest_;
  std::int64_t shortest_;
  std::size_t ngram_;
};

/// Sums the log-probabilities in their order and divides by the length penalty.
void set_score(const SearchOptions& options, Hypothesis& hypothesis);

}  // namespace isthmus
