// How models of one study compare on one text: BLEU of all sentences and of long ones, and paired differences.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/training_study.h"

namespace isthmus {

/// BLEU of two models on the same sentences.
struct BleuContrast {
  std::int64_t sentences = 0;
  Estimate baseline = {};
  Estimate model = {};
  Estimate difference = {};  ///< model − baseline, its interval over the same resamples of both
  double p = 0;              ///< of the paired bootstrap, see significance.h; NaN with fewer than two sentences
};

/// Of the sentences with more than `longer_than` words. NaN where there are none.
BleuContrast contrast_bleu(const TrainedModel& baseline, const TrainedModel& model, std::span<const std::int64_t> words,
                           std::int64_t longer_than, const TrainingStudyOptions& options);

/// The finding of a study that was done on the model; NaN where it is absent.
Estimate found(const TrainedModel& model, const std::string& study, const std::string& name);

/// In how many steps back through the source half of the gradient of its states is lost, by the study `gradients`.
Estimate gradient_half_life(const TrainedModel& model);

/// NULL where it is not finite or absent.
MeasuredValue measured(double value);
MeasuredValue measured(const std::optional<double>& value);
MeasuredValue measured(const std::optional<std::int64_t>& value);

/// Appends value, low and high.
void append(std::vector<MeasuredValue>& row, const Estimate& estimate);

/// "+1.1 [0.3, 1.9], p = 0.010".
std::string in_words(const BleuContrast& contrast);

/// "Each model was trained within 3 minutes, for 400 to 520 updates. ": --patience may end some before others.
std::string budget_in_words(const TrainedModels& trained, const TrainingStudyOptions& options);

/// Whether the difference is told from chance: p < 0.05.
inline bool is_told(const BleuContrast& contrast) { return contrast.p < 0.05; }

}  // namespace isthmus
