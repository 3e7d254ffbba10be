// isthmus report: what a ledger holds, as tables or as a page.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_report(Arguments arguments);

}  // namespace isthmus::cli
