// The cells study: what do the gates buy? rnn, gru and lstm trained under one budget, at equal hidden size and at equal
// parameters. Both matter: at equal size an LSTM has four times the recurrent weights of a plain RNN and a GRU three
// times, so that what looks like the cell may be the parameters (Chung et al. 2014, https://arxiv.org/abs/1412.3555;
// Britz et al. 2017, https://aclanthology.org/D17-1151).
#pragma once

#include <cstdint>
#include <vector>

#include "model/model_options.h"

namespace isthmus {

struct PlannedModel;
struct StudyResult;
struct TrainedModels;
struct TrainingStudyOptions;

/// Learned numbers of a model with these options, vocabularies included.
std::int64_t count_parameters(const ModelOptions& options);

/// The hidden size with which `cell` in the place of the cell of `like` has the number of parameters that is nearest to
/// that of `like`. Sizes that the other options allow: even ones for two directions.
std::int64_t hidden_for_equal_parameters(const ModelOptions& like, CellType cell);

/// The LSTM (role `reference`), gru and rnn of its hidden size (`size`) and of its parameters (`parameters`), and the
/// LSTM with another seed (`control`).
std::vector<PlannedModel> plan_cells(const ModelOptions& base, const TrainingStudyOptions& options);

/// Tables cell_quality and cell_difference. Findings, for gru and rnn against the LSTM, each with _size or
/// _parameters at its end: bleu_difference_gru, long_bleu_difference_gru, speed_ratio_gru, …; and of the control
/// bleu_difference_control.
StudyResult compare_cells(const TrainedModels& trained, const TrainingStudyOptions& options);

}  // namespace isthmus
