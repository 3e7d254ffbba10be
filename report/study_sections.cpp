// A section for each study of a ledger. A new kind of study is a function here and its line in kKinds.
#include <fmt/format.h>

#include <algorithm>

#include "report/report.h"
#include "report/sections.h"

namespace isthmus {
namespace {

using Figures = std::vector<Figure>;

struct Kind {
  std::string_view name;
  std::string_view question;  ///< that it answers
  Figures (*figures)(LedgerReader& ledger, AnalysisId analysis);
};

Chart quality_chart(const std::string& title, const std::string& metric, const std::string& metric_title) {
  return {.title = title,
          .x = "length",
          .series = {{metric, metric + "_low", metric + "_high", metric_title}},
          .x_title = "length of the source",
          .y_title = metric_title + ", with 95 % interval"};
}

Figures length_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Table> tables =
      length_study_tables(analysis, ledger.length_quality(analysis), ledger.findings(analysis), "");
  Figures figures;
  for (Table& table : tables) {
    Figure figure{.table = std::move(table)};
    if (figure.table.key != "findings") {
      const std::string of =
          figure.table.key == "quality_by_length" ? "sources of each length" : "sources up to a length";
      figure.charts = {quality_chart("BLEU of " + of, "bleu", "BLEU"), quality_chart("chrF of " + of, "chrf", "chrF")};
    } else {
      figure.table.notes.clear();  // the verdict stands above
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

/// What any study has.
Figures finding_figures(LedgerReader& ledger, AnalysisId analysis) {
  Figure figure{.table = length_study_tables(analysis, {}, ledger.findings(analysis), "").back()};
  figure.table.notes.clear();
  return {figure};
}

constexpr Kind kKinds[] = {
    {"length", "How does the quality of the translation depend on the length of the source?", length_figures}};

}  // namespace

std::vector<Section> study_sections(LedgerReader& ledger, const ReportScope& scope) {
  std::vector<Section> sections;
  for (const StudySummary& study : ledger.studies(scope.run)) {
    const std::int64_t number = static_cast<std::int64_t>(study.analysis);
    Section section{.id = fmt::format("study-{}", number),
                    .title = fmt::format("Study {}: {}", number, title_of(study)),
                    .verdict = study.verdict};
    const auto* kind =
        std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& one) { return one.name == study.kind; });
    if (kind != std::end(kKinds)) {
      section.text.emplace_back(kind->question);
      section.figures = kind->figures(ledger, study.analysis);
    } else {
      section.figures = finding_figures(ledger, study.analysis);
    }
    sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace isthmus
