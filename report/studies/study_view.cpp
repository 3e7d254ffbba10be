#include "report/studies/study_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/report.h"
#include "report/studies/studies.h"

namespace isthmus {
namespace {

constexpr StudyView kViews[] = {
    {"length", "How does the quality of the translation depend on the length of the source?", length_figures,
     "bleu bleu_slope half_length"},
    {"rare-words", "How much do rare words of the source cost?", rare_words_figures},
    {"information", "How much of a sentence does the context vector tell the decoder, and where does it fill up?",
     information_figures},
    {"reliance", "At which words does the decoder need the context, and does it forget it on the way?",
     reliance_figures},
    {"rank", "Of how many of its dimensions does the context vector make use?", rank_figures},
    {"saturation", "How many gates are shut or open, how many units at the ends of tanh?", saturation_figures},
    {"map", "Which sentences have contexts side by side, and are their words the same?", map_figures},
    {"word-order", "How much of the order of the words does the context hold?", word_order_figures},
    {"memory", "How far back does the context remember the source?", memory_figures},
    {"gradients", "How far back in the source does learning see?", gradients_figures},
    {"erasure", "Is what the context says in a few of its units or in all of them?", erasure_figures},
    {"probes", "What can a simple classifier read out of the context vector?", probes_figures},
    {"reconstruction", "How much of the source can be read back from its context?", reconstruction_figures},
    {"length-units", "Which units count what is read, and what is left to write?", length_units_figures},
    {"noise", "How much noise does the context vector bear?", noise_figures},
    {"quantise", "How many bits of each unit of the context does the decoder read?", quantise_figures},
    {"project", "How many directions of the context vector does the decoder read?", project_figures},
    {"cost", "How does the time of a translation grow with its length?", cost_figures},
    {"attention", "Where does the decoder look while it writes?", attention_figures, "entropy distance monotone_share"},
    {"cells", "What do the gates of gru and lstm buy, at equal size and at equal parameters?", cells_figures},
    {"capacity", "How long a sentence does a context of each size hold?", capacity_figures},
    {"cures", "What helps against the bottleneck, at equal size and budget?", cures_figures},
};

Cell cell_of_measured(const MeasuredValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

}  // namespace

std::span<const StudyView> study_views() { return kViews; }

const StudyView* find_study_view(std::string_view kind) {
  const auto* found =
      std::find_if(std::begin(kViews), std::end(kViews), [kind](const StudyView& view) { return view.kind == kind; });
  return found == std::end(kViews) ? nullptr : found;
}

Table measured_table(LedgerReader& ledger, AnalysisId analysis, const std::string& table, const std::string& title,
                     std::vector<Column> columns) {
  std::vector<std::string> keys;
  for (const Column& column : columns) keys.push_back(column.key);
  Table made{.key = table, .title = title, .columns = std::move(columns)};
  made.columns.insert(made.columns.begin(), {.key = "analysis", .audience = Audience::kMachines, .is_name = true});
  for (const auto& row : ledger.measurements(analysis, table, keys).rows) {
    std::vector<Cell>& cells = made.rows.emplace_back();
    cells.emplace_back(static_cast<std::int64_t>(analysis));
    std::transform(row.begin(), row.end(), std::back_inserter(cells), cell_of_measured);
  }
  return made;
}

Table findings_table(AnalysisId analysis, std::span<const FindingRow> findings) {
  const bool small = std::any_of(findings.begin(), findings.end(), [](const FindingRow& row) {
    return row.value && *row.value != 0 && std::abs(*row.value) < 1;
  });
  const int decimals = small ? 3 : 2;
  Table table{.key = "findings",
              .title = "Findings",
              .columns = {{.key = "analysis", .audience = Audience::kMachines, .is_name = true},
                          {.key = "name", .title = "finding"},
                          {.key = "value", .title = "value", .decimals = decimals},
                          {.key = "low", .title = "low", .decimals = decimals},
                          {.key = "high", .title = "high", .decimals = decimals},
                          {.key = "unit", .title = "unit", .least = 8}}};
  for (const FindingRow& row : findings) {
    table.rows.push_back({static_cast<std::int64_t>(analysis), row.name, cell_of(row.value), cell_of(row.low),
                          cell_of(row.high), row.unit});
  }
  return table;
}

std::vector<Table> study_tables(LedgerReader& ledger, const StudySummary& study) {
  std::vector<Table> tables;
  if (const StudyView* view = find_study_view(study.kind)) {
    for (Figure& figure : view->figures(ledger, study.analysis)) {
      if (figure.in_terminal) tables.push_back(std::move(figure.table));
    }
  }
  tables.push_back(findings_table(study.analysis, ledger.findings(study.analysis)));
  tables.back().notes = {"", study.verdict};
  if (!study.meaning.empty()) tables.back().notes.push_back("→ " + study.meaning);
  return tables;
}

}  // namespace isthmus
