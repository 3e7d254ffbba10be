// What the ledger holds, as tables. docs/ledger.md says what the figures mean.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger_reader.h"
#include "report/table.h"

namespace isthmus {

Table runs_table(std::span<const RunSummary> runs);

/// One table for each signature: scores of different signatures do not compare. By metric, then in the order given.
std::vector<Table> scores_tables(std::span<const ScoreSummary> scores);

/// Differences of scores and how likely they are chance: one table, or none where nothing was compared.
std::vector<Table> comparisons_tables(std::span<const ComparisonSummary> comparisons);

/// The validations of a run; its training log where it has none.
Table curve_table(LedgerReader& ledger, RunId run);

/// BLEU in bins of five words of the source, one table for each decode.
std::vector<Table> bleu_by_length_tables(std::span<const LengthSlice> slices);

/// Training runs side by side: size, speed, memory, BLEU. One table for each signature of BLEU.
std::vector<Table> cells_tables(std::span<const CellSummary> cells);

/// The length study: BLEU and chrF in bins and up to a length.
std::vector<Table> length_study_tables(AnalysisId analysis, std::span<const LengthQualityRow> rows);

/// "length of en-de.isthmus (run 3) on test.en": what a study is about.
std::string title_of(const StudySummary& study);

/// "beam 5", "greedy": how a decode searched.
std::string search_of(const std::string& method, std::int64_t beam);

/// "BLEU" for "bleu": a metric's name for people.
std::string metric_title(const std::string& metric);

/// "6–10": a bin of lengths.
std::string words_text(std::int64_t from, std::int64_t to);

}  // namespace isthmus
