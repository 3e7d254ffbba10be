// What a study of the ledger looks like: for the terminal and for the page.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger_reader.h"
#include "report/page.h"
#include "report/table.h"

namespace isthmus {

/// How the measurements of one kind of study are shown.
struct StudyView {
  std::string_view kind;
  std::string_view question;  ///< that the study answers
  /// Tables of its measurements with their charts; the findings are not among them.
  std::vector<Figure> (*figures)(LedgerReader& ledger, AnalysisId analysis);
  /// Findings by which models are compared first, with blanks between; empty: any that have intervals.
  std::string_view compared = {};
};

/// All of them, in the order in which a report has them. A new one is a file of its own and a line here.
std::span<const StudyView> study_views();

/// Null for a kind that this program does not know.
const StudyView* find_study_view(std::string_view kind);

/// A table of measurements with columns named by their key, which is the ledger's. A column for machines alone gives
/// the number of the study.
Table measured_table(LedgerReader& ledger, AnalysisId analysis, const std::string& table, const std::string& title,
                     std::vector<Column> columns);

/// The findings of any study.
Table findings_table(AnalysisId analysis, std::span<const FindingRow> findings);

/// A study for the terminal: the tables of its figures and its findings, verdict and meaning below them.
std::vector<Table> study_tables(LedgerReader& ledger, const StudySummary& study);

}  // namespace isthmus
