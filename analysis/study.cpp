// The list of studies. A new one is a file of its own and a line here.
#include "analysis/study.h"

#include <algorithm>

namespace isthmus {
namespace {

constexpr Study kStudies[] = {
    {"length", kLengthStudyVersion, true, study_length},
    {"gradients", kGradientsStudyVersion, false, gradients_study},
    {"reconstruction", kReconstructionStudyVersion, false, reconstruction_study},
    {"length-units", kLengthUnitsStudyVersion, false, length_units_study},
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
  describe(visit, options.gradients);
  describe(visit, options.reconstruction);
  describe(visit, options.length_units);
}

}  // namespace isthmus
