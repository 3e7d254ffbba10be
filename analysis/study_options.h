// The options of all studies.
#pragma once

#include <cstdint>

#include "analysis/attention.h"
#include "analysis/cost.h"
#include "analysis/erasure.h"
#include "analysis/gradients.h"
#include "analysis/information.h"
#include "analysis/interventions.h"
#include "analysis/length.h"
#include "analysis/length_units.h"
#include "analysis/map.h"
#include "analysis/memory.h"
#include "analysis/noise.h"
#include "analysis/probes.h"
#include "analysis/project.h"
#include "analysis/quantise.h"
#include "analysis/rare_words.h"
#include "analysis/reconstruction.h"
#include "analysis/reliance.h"
#include "analysis/word_order.h"
#include "core/options.h"

namespace isthmus {

/// What all studies share, and a struct for each study that has options of its own.
struct StudyOptions {
  std::int64_t seed = 1;          ///< of every random choice
  std::int64_t resamples = 1000;  ///< of the bootstrap
  LengthOptions length;
  ProbeOptions probes;
  AttentionStudyOptions attention;
  RareWordsOptions rare_words;
  WordOrderOptions word_order;
  MemoryOptions memory;
  CostOptions cost;
  MapOptions map;
  InformationOptions information;
  RelianceOptions reliance;
  ErasureOptions erasure;
  InterventionOptions intervention;
  NoiseOptions noise;
  QuantiseOptions quantise;
  ProjectOptions project;
  GradientsOptions gradients;
  ReconstructionOptions reconstruction;
  LengthUnitsOptions length_units;
};

void describe(OptionVisitor& visit, StudyOptions& options);
/// Throws UsageError for lists of numbers that are none, before anything is computed.
void check(const StudyOptions& options);

}  // namespace isthmus
