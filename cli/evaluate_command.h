// isthmus evaluate: scores of translations.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_evaluate(Arguments arguments);

}  // namespace isthmus::cli
