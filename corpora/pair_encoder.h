// Pairs of lines as pairs of pieces, those that can be trained on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"
#include "corpora/parallel_text.h"
#include "corpora/token_store.h"
#include "tokenizer/tokenizer.h"

namespace isthmus {

class ThreadPool;

/// What becomes of a pair with a side that is too long.
enum class TooLong { kSkip, kCrop };

struct EncodingLimits {
  std::size_t max_source_tokens = 200;  ///< without begin and end
  std::size_t max_target_tokens = 200;
  TooLong too_long = TooLong::kSkip;

  bool operator==(const EncodingLimits&) const = default;
};

/// What became of the lines.
struct EncodingCounts {
  std::uint64_t lines = 0;          ///< read
  std::uint64_t skipped_empty = 0;  ///< a side without pieces
  std::uint64_t skipped_long = 0;
  std::uint64_t cropped = 0;  ///< kept, the end of a side left out

  bool operator==(const EncodingCounts&) const = default;
};

/// A pair with what was made of it. The views last for the call that hands them over.
struct EncodedPair {
  std::string_view source_line, target_line;
  std::span<const TokenId> source, target;
};

/// Encodes pairs of lines block by block on several threads and hands on, in their order, those that have pieces on
/// both sides and fit the limits. What it hands on is the same for any number of threads. Memory: a block, which is a
/// few thousand pairs or a few million bytes.
class PairEncoder {
 public:
  using Take = std::function<void(const EncodedPair&)>;

  PairEncoder(const TokenizerPair& tokenizers, const EncodingLimits& limits, ThreadPool& threads, Take take);

  void add(std::string_view source, std::string_view target);
  /// Hands on what is still waiting. Must be called once, at the end.
  void finish() { encode_block(); }

  const EncodingCounts& counts() const { return counts_; }

 private:
  struct Pair {
    std::string source_line, target_line;
    Sentence source, target;
  };

  void encode_block();
  void hand_on(Pair& pair);

  TokenizerPair tokenizers_;
  EncodingLimits limits_;
  ThreadPool& threads_;
  Take take_;
  std::vector<Pair> block_;
  std::size_t block_bytes_ = 0;
  EncodingCounts counts_;
};

/// All pairs of a text that is in memory.
TokenPairs encode_pairs(const ParallelText& text, const TokenizerPair& tokenizers, const EncodingLimits& limits,
                        ThreadPool& threads);

}  // namespace isthmus
