#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/train_options.h"
#include "ledger/rows.h"

namespace isthmus::cli {

/// isthmus train: from parallel text to a model file.
int run_train(Arguments arguments);

/// A model that another command has trained.
struct TrainRequest {
  TrainOptions options;
  std::string tokenizers_of;    ///< a model whose tokenizers it takes; empty: it trains its own
  std::optional<RunId> parent;  ///< the run of that command, for the ledger
};

/// The same work as run_train's, in this process. Throws Interrupted when the user interrupted it, with its state
/// saved. False when training failed, which the log has told.
bool train_model(TrainRequest request);

}  // namespace isthmus::cli
