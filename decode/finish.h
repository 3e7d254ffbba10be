// When and how a hypothesis ends: the rules that greedy and beam search share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "model/matrix.h"

namespace isthmus {

/// Whether `length` tokens may be a whole translation when the longest has `limit`.
inline bool may_end(const SearchOptions& options, std::int64_t limit, std::int64_t length) {
  return length >= std::min(options.min_length, limit);
}

/// Sums the log-probabilities in their order and divides by the length penalty.
void set_score(const SearchOptions& options, Hypothesis& hypothesis);

inline std::span<const float> column_of(const Matrix<float>& log_probs, Index column) {
  return {log_probs.col(column).data(), static_cast<std::size_t>(log_probs.rows())};
}

}  // namespace isthmus
