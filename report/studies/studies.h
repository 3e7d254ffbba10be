// The figures of each study: a function here, its file beside.
#pragma once

#include <vector>

#include "ledger/ledger_reader.h"
#include "report/page.h"

namespace isthmus {

std::vector<Figure> length_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> probes_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> attention_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> cells_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> capacity_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> cures_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> rare_words_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> word_order_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> memory_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> cost_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> rank_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> saturation_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> map_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> information_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> reliance_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> erasure_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> noise_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> quantise_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> project_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> gradients_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> reconstruction_figures(LedgerReader& ledger, AnalysisId analysis);
std::vector<Figure> length_units_figures(LedgerReader& ledger, AnalysisId analysis);

}  // namespace isthmus
