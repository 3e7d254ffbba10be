#pragma once

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus doctor: what will and won't work on this machine.
int run_doctor(Arguments arguments);

}  // namespace isthmus::cli
