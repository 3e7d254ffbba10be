#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus average: one model from several of one run.
int run_average(Arguments arguments);

}  // namespace isthmus::cli
