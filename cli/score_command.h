#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus score: how likely a model finds given translations.
int run_score(Arguments arguments);

}  // namespace isthmus::cli
