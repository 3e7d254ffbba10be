// Scores of the sentences of a length: the corpus score of each bin is that of the sum of its sentences' statistics.
#pragma once

#include <cassert>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace isthmus {

/// Of a range without an end.
inline constexpr std::int64_t kNoUpperEnd = std::numeric_limits<std::int64_t>::max();

/// "11-20", "31+", "5".
inline std::string range_label(std::int64_t low, std::int64_t high) {
  if (high == kNoUpperEnd) return std::to_string(low) + "+";
  return low == high ? std::to_string(low) : std::to_string(low) + "-" + std::to_string(high);
}

/// The sentences with low <= length <= high. `Statistics` is BleuStatistics, ChrfStatistics or anything with +=.
template <class Statistics>
struct LengthBin {
  std::int64_t low = 0;
  std::int64_t high = kNoUpperEnd;
  std::int64_t sentences = 0;
  Statistics statistics;  ///< summed

  std::string label() const { return range_label(low, high); }
};

/// Sums the statistics of sentences by their lengths (of the source or the reference, in words or pieces, as the caller
/// likes). `upper_edges` rise: {10, 20} makes the bins 0-10, 11-20 and 21+. Empty bins are there, with 0 sentences.
template <class Statistics>
std::vector<LengthBin<Statistics>> bins_by_length(std::span<const Statistics> statistics,
                                                  std::span<const std::int64_t> lengths,
                                                  std::span<const std::int64_t> upper_edges) {
  assert(statistics.size() == lengths.size());
  std::vector<LengthBin<Statistics>> bins(upper_edges.size() + 1);
  for (std::size_t i = 0; i < upper_edges.size(); ++i) {
    assert(upper_edges[i] >= bins[i].low);
    bins[i].high = upper_edges[i];
    bins[i + 1].low = upper_edges[i] + 1;
  }
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    std::size_t bin = 0;
    while (lengths[i] > bins[bin].high) ++bin;
    bins[bin].statistics += statistics[i];
    ++bins[bin].sentences;
  }
  return bins;
}

}  // namespace isthmus
