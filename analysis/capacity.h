// The capacity study: how long a sentence does a context of a size hold? Models that differ in the size of the context
// alone (or also in the cell), BLEU by length of each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"
#include "model/model_options.h"

namespace isthmus {

struct PlannedModel;
struct StudyResult;
struct TrainedModels;
struct TrainingStudyOptions;

struct CapacityOptions {
  std::string sizes = "64,128,256,512";  ///< hidden sizes
  std::string cells = "lstm";
};

void describe(OptionVisitor& visit, CapacityOptions& options);

/// A model for each cell and size, the smallest first. Throws UsageError for a list that is none, or names something
/// twice.
std::vector<PlannedModel> plan_capacity(const ModelOptions& base, const TrainingStudyOptions& options);

/// Tables capacity_model and capacity_bin. Findings for each cell and size, as in half_length_lstm_64: bleu, slope
/// (BLEU for every 10 further words), half_length (L50), all of the model's length study; and gain_lstm, BLEU of the
/// largest size less that of the smallest.
StudyResult compare_capacity(const TrainedModels& trained, const TrainingStudyOptions& options);

}  // namespace isthmus
