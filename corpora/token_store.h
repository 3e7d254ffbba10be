// Sentences as pieces, packed one after the other: a corpus of millions of sentences is two arrays.
#pragma once

#include <cassert>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/types.h"
#include "corpora/parallel_text.h"

namespace isthmus {

class ThreadPool;

/// An append-only list of sentences. Spans stay valid until the next add().
class TokenStore {
 public:
  void add(std::span<const TokenId> sentence) {
    ids_.insert(ids_.end(), sentence.begin(), sentence.end());
    ends_.push_back(ids_.size());
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

/// What becomes of a pair with a side that is too long.
enum class TooLong { kSkip, kCrop };

struct EncodingLimits {
  std::size_t max_source_tokens = 200;  ///< without begin and end
  std::size_t max_target_tokens = 200;
  TooLong too_long = TooLong::kSkip;
};

/// What became of the lines.
struct EncodingCounts {
  std::size_t lines = 0;          ///< read
  std::size_t skipped_empty = 0;  ///< a side without pieces
  std::size_t skipped_long = 0;
  std::size_t cropped = 0;  ///< kept, the end of a side left out
};

/// An encoded corpus: source[i] and target[i] are a pair, from line `line[i]` (from 1) of its files.
struct TokenPairs {
  TokenStore source;
  TokenStore target;
  std::vector<std::uint32_t> line;
  EncodingCounts counts;

  std::size_t size() const { return line.size(); }
};

/// A line of text as pieces. Must be callable from several threads at once.
using LineEncoder = std::function<Sentence(std::string_view)>;

/// Encodes all lines. The result is the same for any number of threads.
TokenStore encode_lines(std::span<const std::string> lines, const LineEncoder& encode, ThreadPool& threads);

/// Encodes all pairs that have pieces on both sides and fit the limits, in their order. The result is the same for any
/// number of threads.
TokenPairs encode_pairs(const ParallelText& text, const LineEncoder& encode_source, const LineEncoder& encode_target,
                        const EncodingLimits& limits, ThreadPool& threads);

}  // namespace isthmus
