// isthmus analyze: studies of what a model's context vector carries.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_analyze(Arguments arguments);

}  // namespace isthmus::cli
