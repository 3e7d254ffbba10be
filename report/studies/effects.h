// What an edit of the context costs, as columns and charts: shared by noise, quantise and project.
#pragma once

#include <string>
#include <vector>

#include "report/page.h"
#include "report/table.h"

namespace isthmus {

/// The columns that follow a study's own: BLEU, its change, and that of the loss, each with its interval.
void append_effect_columns(std::vector<Column>& columns);

/// BLEU, and the loss of likelihood, against column `x`, a line for each arm.
std::vector<Chart> effect_charts(const std::string& x, const std::string& x_title, bool log_x);

}  // namespace isthmus
