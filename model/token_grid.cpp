#include "model/token_grid.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace isthmus {

Index Packing::length(Index b) const {
  const auto end = std::partition_point(alive.begin(), alive.end(), [b](Index columns) { return columns > b; });
  return static_cast<Index>(end - alive.begin());
}

std::vector<Index> Packing::mirrored() const {
  std::vector<Index> mirror(static_cast<std::size_t>(columns()));
  for (Index b = 0; b < sentences(); ++b) {
    const Index n = length(b);
    for (Index t = 0; t < n; ++t) {
      mirror[static_cast<std::size_t>(offset[static_cast<std::size_t>(t)] + b)] =
          offset[static_cast<std::size_t>(n - 1 - t)] + b;
    }
  }
  return mirror;
}

Packing Packing::of_lengths(std::span<const Index> lengths) {
  Packing packing;
  if (lengths.empty()) return packing;
  assert(lengths.back() > 0 && std::is_sorted(lengths.rbegin(), lengths.rend()));
  std::size_t columns = lengths.size();
  for (Index t = 0; t < lengths.front(); ++t) {
    while (lengths[columns - 1] <= t) --columns;
    packing.alive.push_back(static_cast<Index>(columns));
    packing.offset.push_back(packing.offset.back() + static_cast<Index>(columns));
  }
  return packing;
}

Packing Packing::single_step(Index n) {
  Packing packing;
  packing.alive = {n};
  packing.offset = {0, n};
  return packing;
}

DistinctTokens DistinctTokens::of(std::span<const TokenId> tokens) {
  DistinctTokens distinct;
  distinct.ids.assign(tokens.begin(), tokens.end());
  std::sort(distinct.ids.begin(), distinct.ids.end());
  distinct.ids.erase(std::unique(distinct.ids.begin(), distinct.ids.end()), distinct.ids.end());
  distinct.column.reserve(tokens.size());
  for (const TokenId token : tokens) {
    distinct.column.push_back(std::lower_bound(distinct.ids.begin(), distinct.ids.end(), token) - distinct.ids.begin());
  }
  return distinct;
}

TokenGrid TokenGrid::pack(std::span<const Sentence> sentences) {
  TokenGrid grid;
  grid.sentence.resize(sentences.size());
  std::iota(grid.sentence.begin(), grid.sentence.end(), Index{0});
  const auto size_of = [&](Index i) { return sentences[static_cast<std::size_t>(i)].size(); };
  std::stable_sort(grid.sentence.begin(), grid.sentence.end(),
                   [&](Index a, Index b) { return size_of(a) > size_of(b); });
  std::vector<Index> lengths;
  for (const Index i : grid.sentence) lengths.push_back(static_cast<Index>(size_of(i)));
  grid.packing = Packing::of_lengths(lengths);
  grid.ids.reserve(static_cast<std::size_t>(grid.packing.columns()));
  for (std::size_t t = 0; t < grid.packing.alive.size(); ++t) {
    for (Index b = 0; b < grid.packing.alive[t]; ++b) {
      grid.ids.push_back(sentences[static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)])][t]);
    }
  }
  return grid;
}

std::vector<TokenId> TokenGrid::previous() const {
  std::vector<TokenId> before(ids.size(), kBegin);
  for (std::size_t t = 1; t < packing.alive.size(); ++t) {
    const auto from = ids.begin() + packing.offset[t - 1];
    std::copy(from, from + packing.alive[t], before.begin() + packing.offset[t]);
  }
  return before;
}

}  // namespace isthmus
