// The cures study: what helps against the bottleneck at the same size and budget? The source reversed (Sutskever et al.
// 2014, https://arxiv.org/abs/1409.3215), an encoder of two directions, the context at every step of the decoder (Cho
// et al. 2014, https://aclanthology.org/D14-1179), and attention, which does away with it (Bahdanau et al. 2015,
// https://arxiv.org/abs/1409.0473; Luong et al. 2015, https://aclanthology.org/D15-1166).
#pragma once

#include <vector>

#include "model/model_options.h"

namespace isthmus {

struct PlannedModel;
struct StudyResult;
struct TrainedModels;
struct TrainingStudyOptions;

/// The plain model first: forward, the context as initial state. Each of the others differs from it in one thing; the
/// control in the seed.
std::vector<PlannedModel> plan_cures(const ModelOptions& base, const TrainingStudyOptions& options);

/// Table cure_quality. Findings of each cure, as in gain_reversed_source: gain and long_gain in BLEU over the plain
/// model, slope of BLEU for every 10 further words.
StudyResult compare_cures(const TrainedModels& trained, const TrainingStudyOptions& options);

}  // namespace isthmus
