// The list of studies that train. A new one is a file of its own and a line here.
#include "analysis/training_study.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/cells.h"
#include "analysis/cures.h"

namespace isthmus {
namespace {

constexpr std::string_view kCellsVary[] = {"cell"};
constexpr std::string_view kCapacityVaries[] = {"cell", "hidden"};
constexpr std::string_view kCuresVary[] = {"bidirectional", "context", "attention", "reverse-source", "input-feeding"};

constexpr TrainingStudy kTrainingStudies[] = {
    {"cells", 1, "rnn, gru and lstm at equal size and at equal parameters", kCellsVary, plan_cells, compare_cells},
    {"capacity", 1, "BLEU by length for contexts of several sizes", kCapacityVaries, plan_capacity, compare_capacity},
    {"cures", 1, "what reversal, both directions, context at every step and attention mend", kCuresVary, plan_cures,
     compare_cures},
};

}  // namespace

void describe(OptionVisitor& visit, ContrastOptions& options) {
  visit.group("Comparison");
  visit("long", options.long_words, "sources with more words than this are long ones, with a BLEU of their own",
        at_least(1));
  visit("control", options.control,
        "also train the model that the others are compared with once more, with the next seed: what chance does");
}

void describe(OptionVisitor& visit, TrainingStudyOptions& options) {
  visit("seed", options.seed, "of the bootstrap");
  visit("resamples", options.resamples, "bootstrap resamples behind the 95 % intervals", between(1, 100000));
  visit("budget", options.budget, "of each model");
  describe(visit, options.length);
  describe(visit, options.contrast);
  describe(visit, options.capacity);
}

std::string stem_of(const PlannedModel& plan) {
  const ModelOptions& model = plan.model;
  std::string stem = fmt::format("{}-{}", name_of(model.cell), model.hidden);
  if (model.reverse_source) stem += "-reversed";
  if (model.bidirectional) stem += "-bidirectional";
  if (model.context == ContextUse::kEveryStep) stem += "-every-step";
  if (model.attention != AttentionType::kNone) stem += fmt::format("-{}", name_of(model.attention));
  if (plan.other_seed) stem += "-other-seed";
  return stem;
}

std::span<const TrainingStudy> training_studies() { return kTrainingStudies; }

const TrainingStudy* find_training_study(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTrainingStudies), std::end(kTrainingStudies),
                                   [name](const TrainingStudy& study) { return study.name == name; });
  return found == std::end(kTrainingStudies) ? nullptr : found;
}

}  // namespace isthmus
