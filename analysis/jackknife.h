// Intervals of statistics to which a sentence that is drawn twice does harm, such as a rank or a mean over pairs: where
// the bootstrap would be biased.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/rows.h"
#include "model/matrix.h"

namespace isthmus {

inline constexpr std::size_t kJackknifeBlocks = 20;

/// For each of twenty random blocks of as many sentences as can be: the numbers of the others, ascending. Fewer than
/// forty sentences have no blocks.
std::vector<std::vector<Index>> all_but_one_block(std::size_t sentences, std::int64_t seed);

/// A statistic of all sentences with its 95 % interval by the delete-a-block jackknife (Quenouille 1949, Tukey 1958):
/// value ± t·√((g − 1)/g·Σ(value_j − mean)²) of the g values without a block, t of g − 1 degrees of freedom. Without
/// blocks there is no interval.
Estimate jackknife(double value, std::span<const double> without_block);

}  // namespace isthmus
