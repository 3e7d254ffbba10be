#include "decode/length_penalty.h"

#include <cmath>

namespace isthmus {

double length_penalty(LengthPenaltyKind kind, double alpha, std::int64_t length) {
  switch (kind) {
    case LengthPenaltyKind::kNone:
      return 1.0;
    case LengthPenaltyKind::kAverage:
      return std::pow(static_cast<double>(length), alpha);
    case LengthPenaltyKind::kWu:
      return std::pow((5.0 + static_cast<double>(length)) / 6.0, alpha);
  }
  return 1.0;
}

}  // namespace isthmus
