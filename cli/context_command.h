#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus context interpolate|swap|erase|neighbours|noise: changes context vectors and shows what is decoded from
/// them.
int run_context(Arguments arguments);

}  // namespace isthmus::cli
