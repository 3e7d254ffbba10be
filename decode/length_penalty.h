// How hypotheses of different length are compared.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/options.h"

namespace isthmus {

enum class LengthPenaltyKind { kNone, kAverage, kWu };
template <>
struct EnumNames<LengthPenaltyKind> {
  static constexpr std::string_view names[] = {"none", "average", "wu"};
};

/// What the log-probability of a hypothesis of `length` tokens (its end counts) is divided by; at least 1 and not
/// falling with length, for alpha ≥ 0.
///   none     1
///   average  length^alpha
///   wu       ((5 + length) / 6)^alpha      Wu et al. 2016 (1609.08144), eq. 14
double length_penalty(LengthPenaltyKind kind, double alpha, std::int64_t length);

}  // namespace isthmus
