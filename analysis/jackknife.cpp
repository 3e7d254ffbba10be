#include "analysis/jackknife.h"

#include <cmath>
#include <numeric>

#include "core/random.h"

namespace isthmus {

std::vector<std::vector<Index>> all_but_one_block(std::size_t sentences, std::int64_t seed) {
  if (sentences < 2 * kJackknifeBlocks) return {};
  std::vector<std::size_t> block_of(sentences);
  for (std::size_t i = 0; i < sentences; ++i) block_of[i] = i % kJackknifeBlocks;
  Random random(static_cast<std::uint64_t>(seed));
  random.shuffle(block_of);
  std::vector<std::vector<Index>> kept(kJackknifeBlocks);
  for (std::size_t i = 0; i < sentences; ++i) {
    for (std::size_t block = 0; block < kJackknifeBlocks; ++block) {
      if (block_of[i] != block) kept[block].push_back(static_cast<Index>(i));
    }
  }
  return kept;
}

Estimate jackknife(double value, std::span<const double> without_block) {
  constexpr double kT = 2.093;  // the 0.975 quantile of 19 degrees of freedom
  Estimate estimate{value, std::nan(""), std::nan("")};
  if (without_block.size() != kJackknifeBlocks) return estimate;
  const double blocks = static_cast<double>(kJackknifeBlocks);
  const double mean = std::accumulate(without_block.begin(), without_block.end(), 0.0) / blocks;
  double squares = 0;
  for (const double one : without_block) squares += (one - mean) * (one - mean);
  const double half = kT * std::sqrt((blocks - 1) / blocks * squares);
  estimate.low = value - half;
  estimate.high = value + half;
  return estimate;
}

}  // namespace isthmus
