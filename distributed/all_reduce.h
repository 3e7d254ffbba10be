// The sum of a buffer over all ranks, in one fixed order.
#pragma once

#include <span>

#include "distributed/wire.h"

namespace isthmus {

/// Each element becomes its sum over the ranks. The order of the additions is a tree by halves of the ranks,
///
///   sum[lo, hi) = sum[lo, mid) + sum[mid, hi)    mid = (lo + hi) / 2,
///
/// whatever arrives first. So the bits depend on the values and the number of ranks alone, and where each rank's value
/// is itself such a tree over as many terms, a power of two, then those of 1, 2, 4 … ranks are the same bits.
///
/// Rank r adds up the r-th of `size` segments and sends the sum to all: 2 (size − 1) / size of the buffer leave each
/// rank, which no algorithm betters (Chan et al. 2007, Concurrency and Computation 19:13). Large buffers come in
/// pieces, which are added while the next are on their way. For float, double and std::int64_t.
template <class Number>
void all_reduce(Wire& wire, std::span<Number> values);

}  // namespace isthmus
