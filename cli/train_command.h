#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus train: from parallel text to a model file.
int run_train(Arguments arguments);

}  // namespace isthmus::cli
