// A section for each study of a ledger: its question, its answer, and what was measured.
#include <fmt/format.h>

#include "report/report.h"
#include "report/sections.h"
#include "report/studies/study_view.h"

namespace isthmus {

std::vector<Section> study_sections(LedgerReader& ledger, const ReportScope& scope) {
  std::vector<Section> sections;
  for (const StudySummary& study : ledger.studies(scope.run)) {
    const std::int64_t number = static_cast<std::int64_t>(study.analysis);
    Section section{.id = fmt::format("study-{}", number),
                    .title = fmt::format("Study {}: {}", number, title_of(study)),
                    .verdict = study.verdict,
                    .meaning = study.meaning};
    if (const StudyView* view = find_study_view(study.kind)) {
      section.text.emplace_back(view->question);
      section.figures = view->figures(ledger, study.analysis);
    }
    section.figures.push_back({.table = findings_table(ledger, study.analysis)});
    sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace isthmus
