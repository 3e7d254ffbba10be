// The random numbers of the studies that edit contexts: a stream for each use, so that none depends on another.
#pragma once

#include <cstdint>

#include "core/random.h"

namespace isthmus {

enum class Stream : std::uint64_t { kSample, kSwap, kNoise, kRounding, kAxes, kUnits, kUntrained };

inline Random stream(std::int64_t seed, Stream use) {
  constexpr std::uint64_t kOfEdits = std::uint64_t{1} << 32;  // the bootstrap has the small numbers, a resample each
  return Random(static_cast<std::uint64_t>(seed)).split(kOfEdits).split(static_cast<std::uint64_t>(use));
}

}  // namespace isthmus
