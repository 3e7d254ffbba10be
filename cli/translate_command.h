// isthmus translate: text through a model, from a file, a pipe or a prompt.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_translate(Arguments arguments);

}  // namespace isthmus::cli
