// The options of all studies.
#pragma once

#include <cstdint>

#include "analysis/gradients.h"
#include "analysis/length.h"
#include "analysis/length_units.h"
#include "analysis/reconstruction.h"
#include "core/options.h"

namespace isthmus {

/// What all studies share, and a struct for each study that has options of its own.
struct StudyOptions {
  std::int64_t seed = 1;          ///< of every random choice
  std::int64_t resamples = 1000;  ///< of the bootstrap
  LengthOptions length;
  GradientsOptions gradients;
  ReconstructionOptions reconstruction;
  LengthUnitsOptions length_units;
};

void describe(OptionVisitor& visit, StudyOptions& options);

}  // namespace isthmus
