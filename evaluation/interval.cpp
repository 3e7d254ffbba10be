#include "evaluation/interval.h"

#include <algorithm>
#include <cassert>

namespace isthmus {

Interval middle_95(std::vector<double> values) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t gone = values.size() / 40;
  return {values[gone], values[values.size() - gone - 1]};
}

}  // namespace isthmus
