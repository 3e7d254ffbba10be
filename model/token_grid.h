// A batch of sentences as columns.
#pragma once

#include <span>
#include <vector>

#include "core/types.h"
#include "model/matrix.h"

namespace isthmus {

/// Where the columns of a batch stand. Sentences are sorted by length, longest first, and packed: step t has a block of
/// alive[t] columns, one for each sentence that is longer than t, and the blocks follow one another. There is no
/// padding.
///
///   alive    3 3 2 1              column of step t and (sorted) sentence b = offset[t] + b
///   offset   0 3 6 8 9
struct Packing {
  std::vector<Index> alive;
  std::vector<Index> offset = {0};  ///< one more than steps; the last is the number of columns

  Index steps() const { return static_cast<Index>(alive.size()); }
  Index sentences() const { return alive.empty() ? 0 : alive.front(); }
  Index columns() const { return offset.back(); }
  /// Steps of the sorted sentence b.
  Index length(Index b) const;
  /// Column of the last token of the sorted sentence b.
  Index last_column(Index b) const { return offset[static_cast<std::size_t>(length(b) - 1)] + b; }
  /// For each column, the column of the same sentence read from its other end.
  std::vector<Index> mirrored() const;

  /// `lengths` must not increase and must be positive.
  static Packing of_lengths(std::span<const Index> lengths);
  /// One step of n sentences.
  static Packing single_step(Index n);
};

/// Some steps of a packed batch, one behind the other: what is done at once.
struct Steps {
  Index begin;
  Index end;

  static Steps all(const Packing& packing) { return {0, packing.steps()}; }
  Index column(const Packing& packing) const { return packing.offset[static_cast<std::size_t>(begin)]; }
  Index columns(const Packing& packing) const {
    return packing.offset[static_cast<std::size_t>(end)] - column(packing);
  }
};

/// The different tokens of a list: what depends on a token alone is calculated once for each.
struct DistinctTokens {
  std::vector<TokenId> ids;   ///< ascending
  std::vector<Index> column;  ///< by place in the list: where its token stands in `ids`

  static DistinctTokens of(std::span<const TokenId> tokens);
};

/// A packed batch of token ids.
struct TokenGrid {
  Packing packing;
  std::vector<TokenId> ids;     ///< by column
  std::vector<Index> sentence;  ///< by sorted sentence: its index in the batch as it was given

  /// Sorts (stably) and packs. No sentence may be empty.
  static TokenGrid pack(std::span<const Sentence> sentences);

  Index tokens() const { return packing.columns(); }
  /// By column: the token before, kBegin at the first step. What the decoder is fed in teacher forcing.
  std::vector<TokenId> previous() const;
};

}  // namespace isthmus
