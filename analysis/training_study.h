// Studies that train: which models, and what their comparison says. They differ from the studies of study.h in that one
// model is not enough; cli/training_studies.cpp trains and measures what they plan.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/capacity.h"
#include "analysis/length.h"
#include "analysis/study.h"
#include "core/options.h"
#include "evaluation/bleu.h"
#include "ledger/rows.h"
#include "model/model_options.h"

namespace isthmus {

/// What studies have that set models against one of them.
struct ContrastOptions {
  std::int64_t long_words = 20;  ///< a longer source is a long one
  bool control = true;           ///< the model that the others are set against, once more with another seed
};

void describe(OptionVisitor& visit, ContrastOptions& options);

struct TrainingStudyOptions {
  std::int64_t seed = 1;          ///< of the bootstrap
  std::int64_t resamples = 1000;  ///< of the bootstrap
  std::string budget;             ///< of each model, in words: "3 minutes"
  LengthOptions length;
  ContrastOptions contrast;
  CapacityOptions capacity;
};

/// All of them, as a study's row in the ledger has them.
void describe(OptionVisitor& visit, TrainingStudyOptions& options);

/// A model to be trained.
struct PlannedModel {
  std::string name = {};  ///< for people, as the study calls it: "gru", "reversed source"
  std::string role = {};  ///< what the study has it for
  ModelOptions model = {};
  bool other_seed = false;  ///< trained with the next seed
};

/// The name of its file without the ending: what sets it apart from others of the same sweep, "gru-640",
/// "lstm-512-reversed". Studies that plan the same model share it.
std::string stem_of(const PlannedModel& plan);

/// What came of it.
struct TrainedModel {
  PlannedModel plan = {};
  std::int64_t train_run = 0;
  DecodeId decode{};
  std::int64_t parameters = 0;
  std::optional<std::int64_t> updates = {};
  std::optional<double> minutes = {};  ///< of training
  std::optional<double> target_tokens_per_s = {};
  std::optional<double> peak_memory_mb = {};                     ///< 10⁶ bytes
  std::vector<BleuStatistics> bleu = {};                         ///< by line
  std::vector<LengthQualityRow> lengths = {};                    ///< of its length study
  std::map<std::string, std::vector<FindingRow>> findings = {};  ///< of the studies that were done on it, by study
};

/// The models in the order of the plan, and the text that all of them translated.
struct TrainedModels {
  std::vector<TrainedModel> models = {};
  std::vector<std::int64_t> words = {};  ///< of each source line
};

struct TrainingStudy {
  std::string_view name;
  /// Raised when the same models and text would give other numbers.
  std::int64_t version;
  std::string_view summary;
  /// Options of training that the plan sets, so that the user cannot.
  std::span<const std::string_view> varies;
  /// `base` is complete with the sizes of the vocabularies. The first model does not depend on them, so that it can be
  /// trained before they are known; all share its tokenizer. Throws UsageError.
  std::vector<PlannedModel> (*plan)(const ModelOptions& base, const TrainingStudyOptions& options);
  /// Pure.
  StudyResult (*compare)(const TrainedModels& trained, const TrainingStudyOptions& options);
};

std::span<const TrainingStudy> training_studies();

/// The study of that name; null where there is none.
const TrainingStudy* find_training_study(std::string_view name);

}  // namespace isthmus
