// What `isthmus context` can do: a function each, its file beside.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_context_interpolate(Arguments arguments);
int run_context_swap(Arguments arguments);
int run_context_erase(Arguments arguments);
int run_context_neighbours(Arguments arguments);
int run_context_noise(Arguments arguments);

}  // namespace isthmus::cli
