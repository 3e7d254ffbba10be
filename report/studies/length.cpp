// BLEU and chrF against the length of the source.
#include "report/report.h"
#include "report/studies/studies.h"

namespace isthmus {
namespace {

Chart quality_chart(const std::string& title, const std::string& metric, const std::string& metric_title) {
  return {.title = title,
          .x = "length",
          .series = {{metric, metric + "_low", metric + "_high", metric_title}},
          .x_title = "length of the source",
          .y_title = metric_title + ", with 95 % interval"};
}

}  // namespace

std::vector<Figure> length_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Figure> figures;
  for (Table& table : length_study_tables(analysis, ledger.length_quality(analysis))) {
    Figure figure{.table = std::move(table)};
    const std::string of =
        figure.table.key == "quality_by_length" ? "sources of each length" : "sources up to a length";
    figure.charts = {quality_chart("BLEU of " + of, "bleu", "BLEU"), quality_chart("chrF of " + of, "chrf", "chrF")};
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace isthmus
