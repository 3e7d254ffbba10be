#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus encode: lines of text to context vectors.
int run_encode(Arguments arguments);

}  // namespace isthmus::cli
