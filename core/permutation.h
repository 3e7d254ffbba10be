// A random order of many things that is computed, not stored.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "core/random.h"

namespace isthmus {

/// A pseudo-random permutation of 0 … size − 1 in constant memory, chosen by a random stream. A Feistel network on the
/// digits (left, right) of a number in a mixed radix of about √size each, and cycle walking from there into the range
/// (Black & Rogaway 2002, "Ciphers with arbitrary finite domains"). Good for shuffling, no secret.
class Permutation {
 public:
  Permutation(std::uint64_t size, Random random) : size_(size) {
    assert(size <= std::uint64_t{1} << 52);  // √ is exact enough
    lefts_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(std::sqrt(static_cast<double>(size)))));
    rights_ = std::max<std::uint64_t>(1, (size + lefts_ - 1) / lefts_);
    for (std::uint64_t round = 0; round < kRounds; ++round) rounds_[round] = random.split(round);
  }

  std::uint64_t size() const { return size_; }

  /// Where i goes, i < size.
  std::uint64_t operator()(std::uint64_t i) const {
    assert(i < size_);
    do {
      i = scramble(i);
    } while (i >= size_);  // lefts · rights is little more than size, so seldom
    return i;
  }

 private:
  static constexpr std::size_t kRounds = 8;

  /// A permutation of 0 … lefts · rights − 1: each round adds to one digit what follows from the other.
  std::uint64_t scramble(std::uint64_t i) const {
    std::uint64_t left = i / rights_, right = i % rights_;
    for (std::size_t round = 0; round < kRounds; round += 2) {
      left = (left + rounds_[round].split(right).bits() % lefts_) % lefts_;
      right = (right + rounds_[round + 1].split(left).bits() % rights_) % rights_;
    }
    return left * rights_ + right;
  }

  std::uint64_t size_, lefts_, rights_;
  std::array<Random, kRounds> rounds_;
};

}  // namespace isthmus
