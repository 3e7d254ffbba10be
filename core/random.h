// Random numbers that are a function of their place: the same on every machine, for any number of threads.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace isthmus {

/// A stream of random bits, numbered by a key. Streams are split, not shared: random.split(update).split(shard) is the
/// same stream whoever asks for it and whenever, so there is no generator state to save in a checkpoint.
/// SplitMix64 (Steele, Lea & Flood 2014): 16 bytes, passes BigCrush.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed = 0) : key_(mix(seed + kGamma)) {}

  /// The stream number `label` of this one. Does not depend on how many numbers were drawn.
  constexpr Random split(std::uint64_t label) const { return Random(key_ ^ mix(label * kGamma + 0x632be59bd9b4e019)); }

  /// 64 random bits.
  constexpr std::uint64_t bits() { return mix(key_ + ++count_ * kGamma); }

  /// The next words.size() draws of bits(), several at once.
  void fill(std::span<std::uint64_t> words) {
    const std::uint64_t first = count_ + 1;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = mix(key_ + (first + i) * kGamma);
    count_ += words.size();
  }

  /// In [0, 1), 53 bits.
  constexpr double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

  /// In [0, n), n ≥ 1, without bias (Lemire 2019).
  constexpr std::uint64_t below(std::uint64_t n) {
    __extension__ using Wide = unsigned __int128;
    Wide product = Wide{bits()} * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t threshold = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < threshold) product = Wide{bits()} * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  /// Standard normal (Box–Muller, one of the pair).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * 3.14159265358979323846 * uniform());
  }

  /// Fisher–Yates.
  template <class T>
  constexpr void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  static constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15;

  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

}  // namespace isthmus
