#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus inspect: what is inside a model file.
int run_inspect(Arguments arguments);

}  // namespace isthmus::cli
