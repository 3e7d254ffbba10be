// What the ledger holds, as sections of a page: each part of `isthmus report` by one function. The figures are the
// tables that the terminal prints, with charts; runs and systems that compare share one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/ledger_reader.h"
#include "report/page.h"

namespace isthmus {

/// What of a ledger is asked for.
struct ReportScope {
  std::optional<RunId> run = {};
  std::optional<std::int64_t> pair = {};  ///< of the candidates
  std::int64_t sentences = 10'000;        ///< of a corpus, at most, in the sentence browser
};

/// Each gives no section where the ledger has nothing for it; runs_section() says so.
std::vector<PageSection> runs_section(LedgerReader& ledger, const ReportScope& scope);
/// Loss, perplexity and BLEU by updates, the runs overlaid; BLEU of one corpus and one signature in each figure.
std::vector<PageSection> curve_section(LedgerReader& ledger, const ReportScope& scope);
/// A figure for each corpus, metric and signature.
std::vector<PageSection> scores_section(LedgerReader& ledger, const ReportScope& scope);
/// A figure for each corpus and signature.
std::vector<PageSection> length_section(LedgerReader& ledger, const ReportScope& scope);
std::vector<PageSection> cells_section(LedgerReader& ledger, const ReportScope& scope);
/// A list of the studies, those of one kind side by side, and a section for each: its verdict, then its figures. A kind
/// without figures of its own has its findings. Of studies that were done again the last are shown.
std::vector<PageSection> study_sections(LedgerReader& ledger, const ReportScope& scope);
std::vector<PageSection> candidates_section(LedgerReader& ledger, const ReportScope& scope);
/// Source, reference and the systems side by side, a set for each corpus that was translated.
std::vector<PageSection> sentences_section(LedgerReader& ledger, const ReportScope& scope);

}  // namespace isthmus
