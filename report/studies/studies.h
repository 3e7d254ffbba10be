// The figures of each study: a function here, its file beside.
#pragma once

#include <vector>

#include "ledger/ledger_reader.h"
#include "report/page.h"

namespace isthmus {

std::vector<Figure> length_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> gradients_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> reconstruction_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> length_units_figures(LedgerReader& ledger, AnalysisId analysis);

}  // namespace isthmus
