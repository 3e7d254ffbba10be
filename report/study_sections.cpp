// The studies of a ledger: a list of them, what differs between models, and a section for each study with its question,
// its answer, and what was measured.
#include <fmt/format.h>

#include <algorithm>

#include "report/report.h"
#include "report/sections.h"
#include "report/studies/comparison.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

/// Place of a kind in the list of studies; unknown ones come last.
std::size_t place_of(const std::string& kind) {
  const auto views = study_views();
  return static_cast<std::size_t>(
      std::find_if(views.begin(), views.end(), [&kind](const StudyView& view) { return view.kind == kind; }) -
      views.begin());
}

std::string heading_of(const StudySummary& study) {
  const StudyView* view = find_study_view(study.kind);
  return view ? fmt::format("{}: {}", study.kind, view->question) : study.kind;
}

PageSection section_of(LedgerReader& ledger, const StudySummary& study) {
  const auto number = static_cast<std::int64_t>(study.analysis);
  PageSection section{.id = fmt::format("study-{}", number),
                      .title = fmt::format("Study {}: {}", number, title_of(study)),
                      .verdict = study.verdict,
                      .meaning = study.meaning,
                      .under = "studies",
                      .heading = heading_of(study)};
  section.name = section.title;
  if (const StudyView* view = find_study_view(study.kind)) {
    section.text.emplace_back(view->question);
    section.figures = view->figures(ledger, study.analysis);
  }
  section.figures.push_back({.table = findings_table(study.analysis, ledger.findings(study.analysis))});
  return section;
}

}  // namespace

std::vector<PageSection> study_sections(LedgerReader& ledger, const ReportScope& scope) {
  std::vector<StudySummary> studies = ledger.studies(scope.run);
  if (studies.empty()) return {};
  const auto earlier = std::erase_if(studies, [](const StudySummary& study) { return !study.latest; });
  std::stable_sort(studies.begin(), studies.end(), [](const StudySummary& a, const StudySummary& b) {
    return std::pair(place_of(a.kind), a.kind) < std::pair(place_of(b.kind), b.kind);
  });
  PageSection list{.id = "studies", .title = "Studies"};
  if (earlier > 0) {
    list.text.push_back(fmt::format(
        "Of studies that were done again, the last of each kind, model and text is shown; {} earlier in the ledger.",
        earlier == 1 ? "one is" : fmt::format("{} are", earlier)));
  }
  std::vector<PageSection> sections{std::move(list)};
  if (std::vector<Figure> figures = comparison_figures(ledger, studies); !figures.empty()) {
    sections.push_back({.id = "compared",
                        .title = "Studies compared",
                        .text = {"The same study of several models. Where intervals overlap, the difference may be "
                                 "chance."},
                        .figures = std::move(figures)});
  }
  for (const StudySummary& study : studies) sections.push_back(section_of(ledger, study));
  return sections;
}

}  // namespace isthmus
