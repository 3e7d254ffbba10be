// The studies of one kind side by side: what differs between models.
#pragma once

#include <span>
#include <vector>

#include "ledger/ledger_reader.h"
#include "report/page.h"

namespace isthmus {

/// Of each kind with several studies: the lines of its first figure overlaid, and its findings as a table, a row for
/// each study, with charts of the main ones. Studies of one corpus share a chart; those of several share no more than a
/// table. `studies` are the latest of each kind, model and corpus, those of a kind side by side.
std::vector<Figure> comparison_figures(LedgerReader& ledger, std::span<const StudySummary> studies);

/// "m30k", "m30k, run 3": the models of the studies by names that differ, as far as the studies' models do.
std::vector<std::string> model_names(std::span<const StudySummary> studies);

}  // namespace isthmus
