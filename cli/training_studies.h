// The studies that train (analysis/training_study.h) and the advice from them, as parts of `isthmus analyze`.
#pragma once

#include "analysis/training_study.h"
#include "cli/command.h"

namespace isthmus::cli {

/// isthmus analyze cells|capacity|cures FOLDER: trains what the study plans, each model as a run of its own that is
/// kept in the folder, measures and compares. What is there already is not trained again; what was interrupted goes on.
int run_training_study(const TrainingStudy& study, Arguments arguments);

/// isthmus analyze advise: reads a ledger.
int run_advise(Arguments arguments);

}  // namespace isthmus::cli
