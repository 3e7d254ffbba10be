// Sentences as pieces in memory, packed one after the other.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <vector>

#include "core/types.h"

namespace isthmus {

/// An append-only list of sentences. Spans stay valid until the next add().
class TokenStore {
 public:
  void add(std::span<const TokenId> sentence) {
    ids_.insert(ids_.end(), sentence.begin(), sentence.end());
    ends_.push_back(ids_.size());
  }

  /// Room for so many sentences and pieces.
  void reserve(std::size_t sentences, std::size_t pieces) {
    ends_.reserve(sentences);
    ids_.reserve(pieces);
  }

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  /// Pieces of all sentences together.
  std::size_t token_count() const { return ids_.size(); }

  std::span<const TokenId> operator[](std::size_t i) const {
    assert(i < ends_.size());
    const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1];
    return {ids_.data() + begin, ids_.data() + ends_[i]};
  }
  std::size_t length(std::size_t i) const { return (*this)[i].size(); }

 private:
  std::vector<TokenId> ids_;
  std::vector<std::uint64_t> ends_;  // of sentence i in ids_
};

/// source[i] and target[i] are a pair.
struct TokenPairs {
  TokenStore source;
  TokenStore target;

  std::size_t size() const { return source.size(); }
  void add(std::span<const TokenId> source_ids, std::span<const TokenId> target_ids) {
    source.add(source_ids);
    target.add(target_ids);
  }
};

}  // namespace isthmus
