// The list of studies. A new one is a file of its own and a line here.
#include "analysis/study.h"

#include <algorithm>

#include "analysis/gate_saturation.h"
#include "analysis/rank.h"

namespace isthmus {
namespace {

constexpr Study kStudies[] = {
    {"length", kLengthStudyVersion, true, study_length},
    {"rare-words", kRareWordsStudyVersion, true, study_rare_words},
    {"information", kInformationStudyVersion, false, information_study},
    {"reliance", kRelianceStudyVersion, false, reliance_study},
    {"rank", kRankStudyVersion, false, rank_study},
    {"saturation", kSaturationStudyVersion, false, saturation_study},
    {"map", kMapStudyVersion, false, map_study},
    {"word-order", kWordOrderStudyVersion, false, study_word_order},
    {"memory", kMemoryStudyVersion, false, study_memory},
    {"gradients", kGradientsStudyVersion, false, gradients_study},
    {"erasure", kErasureStudyVersion, false, erasure_study},
    {"probes", kProbesStudyVersion, false, study_probes},
    {"reconstruction", kReconstructionStudyVersion, false, reconstruction_study},
    {"length-units", kLengthUnitsStudyVersion, false, length_units_study},
    {"noise", kNoiseStudyVersion, false, noise_study},
    {"quantise", kQuantiseStudyVersion, false, quantise_study},
    {"project", kProjectStudyVersion, false, project_study},
    {"cost", kCostStudyVersion, false, study_cost},
    {"attention", kAttentionStudyVersion, false, attention_study},
};

}  // namespace

std::span<const Study> studies() { return kStudies; }

const Study* find_study(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kStudies), std::end(kStudies), [name](const Study& study) { return study.name == name; });
  return found == std::end(kStudies) ? nullptr : found;
}

void describe(OptionVisitor& visit, StudyOptions& options) {
  visit.group("Studies");
  visit("seed", options.seed, "of every random choice of a study");
  visit("resamples", options.resamples, "bootstrap resamples behind the 95 % intervals", between(1, 100000));
  describe(visit, options.length);
  describe(visit, options.rare_words);
  describe(visit, options.information);
  describe(visit, options.reliance);
  describe(visit, options.map);
  describe(visit, options.word_order);
  describe(visit, options.memory);
  describe(visit, options.gradients);
  describe(visit, options.erasure);
  describe(visit, options.probes);
  describe(visit, options.reconstruction);
  describe(visit, options.length_units);
  describe(visit, options.intervention);
  describe(visit, options.noise);
  describe(visit, options.quantise);
  describe(visit, options.project);
  describe(visit, options.cost);
  describe(visit, options.attention);
}

void check(const StudyOptions& options) {
  noise_levels(options.noise);
  quantise_bits(options.quantise);
  constexpr std::int64_t kAnySize = std::int64_t{1} << 30;  // what the context has is seen by the study
  project_axes(options.project, kAnySize, kAnySize);
}

}  // namespace isthmus
