// Quality against how rare the words of the source are, beside that of other sentences of the same length.
#include <fmt/format.h>

#include <tuple>

#include "report/studies/intervals.h"
#include "report/studies/studies.h"
#include "report/studies/study_view.h"

namespace isthmus {
namespace {

/// The rows of one measure.
Table of_measure(const Table& table, const std::string& measure, const std::string& title) {
  Table part = table;
  part.key = "quality_by_" + measure;
  part.title = title;
  std::erase_if(part.rows, [&](const std::vector<Cell>& row) { return row[1] != Cell(measure); });
  return part;
}

std::string range_text(const std::string& measure, const Cell& from, const Cell& to) {
  const auto* low = std::get_if<double>(&from);
  const auto* high = std::get_if<double>(&to);
  if (!low) return "";
  const int decimals = measure == "pieces_per_word" ? 2 : 0;
  if (!high) return fmt::format("{:.{}f} and more", *low, decimals);
  return *low == *high ? fmt::format("{:.{}f}", *low, decimals)
                       : fmt::format("{:.{}f} to {:.{}f}", *low, decimals, *high, decimals);
}

}  // namespace

std::vector<Figure> rare_words_figures(LedgerReader& ledger, AnalysisId analysis) {
  std::vector<Column> columns{{.key = "measure", .audience = Audience::kMachines},
                              {.key = "from_value", .audience = Audience::kMachines},
                              {.key = "to_value", .audience = Audience::kMachines},
                              {.key = "sentences", .title = "sentences"},
                              {.key = "mean_value", .audience = Audience::kMachines},
                              {.key = "mean_length", .title = "words", .decimals = 1, .rank = 3}};
  for (const auto& more :
       {with_interval("bleu", "BLEU"), with_interval("matched_bleu", "same lengths"),
        with_interval("bleu_difference", "difference"), with_interval("chrf", "chrF"),
        with_interval("matched_chrf", "chrF, same lengths"), with_interval("chrf_difference", "chrF difference")}) {
    columns.insert(columns.end(), more.begin(), more.end());
  }
  columns.push_back({.key = "compared", .audience = Audience::kMachines});
  columns.push_back({.key = "matched_value", .audience = Audience::kMachines});
  columns.push_back({.key = "thin", .audience = Audience::kMachines});
  Table all = measured_table(ledger, analysis, "rare_word_quality", "", columns);
  all.columns.insert(all.columns.begin() + 2, {.key = "range", .title = "range", .audience = Audience::kPeople});
  for (std::vector<Cell>& row : all.rows) {
    const bool thin = row.back() == Cell(std::int64_t{1});
    row.insert(row.begin() + 2, range_text(std::get<std::string>(row[1]), row[2], row[3]) + (thin ? " *" : ""));
  }
  show_intervals(all);
  all.notes = {
      "Same lengths: the control, sentences of the other rows weighted to the lengths of this one. The difference is "
      "that "
      "of the sentences that have such."};
  all.notes.push_back("* few sentences: no finding rests on the row");
  std::vector<Figure> figures;
  for (const auto& [measure, title, axis] :
       {std::tuple("rare_words", "Sources with so many rare words", "rare words in the source"),
        std::tuple("pieces_per_word", "Sources with so many pieces a word", "pieces a word"),
        std::tuple("frequency_rank", "Sources with words of such a mean frequency rank", "mean frequency rank")}) {
    Chart chart{.title = fmt::format("BLEU by {}", axis),
                .x = "mean_value",
                .series = {{"bleu", "bleu_low", "bleu_high", "BLEU"},
                           {"matched_bleu", "matched_bleu_low", "matched_bleu_high", "others of the same lengths"}},
                .x_title = axis,
                .y_title = "BLEU, with 95 % interval"};
    figures.push_back({.table = of_measure(all, measure, title), .charts = {std::move(chart)}});
  }
  return figures;
}

}  // namespace isthmus
