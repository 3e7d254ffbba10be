// The options of all studies.
#pragma once

#include <cstdint>

#include "analysis/length.h"
#include "analysis/map.h"
#include "core/options.h"

namespace isthmus {

/// What all studies share, and a struct for each study that has options of its own.
struct StudyOptions {
  std::int64_t seed = 1;          ///< of every random choice
  std::int64_t resamples = 1000;  ///< of the bootstrap
  LengthOptions length;
  MapOptions map;
};

void describe(OptionVisitor& visit, StudyOptions& options);

}  // namespace isthmus
