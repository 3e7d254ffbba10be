// When two lines are too different in length to be translations of each other.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace isthmus {

/// Characters of source for one of target, over a whole corpus. English to Korean is about 2: a ratio is odd only
/// against what is usual.
class LengthRatio {
 public:
  void add(std::size_t source_characters, std::size_t target_characters) {
    source_ += static_cast<double>(source_characters);
    target_ += static_cast<double>(target_characters);
  }

  double usual() const { return (source_ + 1) / (target_ + 1); }

  /// Whether the ratio of a pair is more than `most` times the usual one, or less than 1/most of it. Short pairs vary
  /// too much to tell.
  bool is_odd(std::size_t source_characters, std::size_t target_characters, double most) const {
    if (std::max(source_characters, target_characters) < kShort) return false;
    const double ratio = (static_cast<double>(source_characters) + 1) / (static_cast<double>(target_characters) + 1);
    return std::abs(std::log(ratio / usual())) > std::log(most);
  }

 private:
  static constexpr std::size_t kShort = 20;

  double source_ = 0, target_ = 0;
};

}  // namespace isthmus
