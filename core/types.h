// The few types that every folder speaks of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace isthmus {

/// Number of a piece in a vocabulary.
using TokenId = std::int32_t;

/// The pieces that every vocabulary has, with the same numbers. There is no padding piece: batches are packed.
inline constexpr TokenId kUnknown = 0;
inline constexpr TokenId kBegin = 1;
inline constexpr TokenId kEnd = 2;
inline constexpr TokenId kSpecialTokens = 3;

/// A sentence as pieces, without begin and end.
using Sentence = std::vector<TokenId>;

}  // namespace isthmus
