#include "report/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/candidates.h"
#include "report/report.h"
#include "report/systems.h"

namespace isthmus {
namespace {

/// The names of the decodes that are of a corpus.
std::map<DecodeId, std::string> names_of(const CorpusSystems& corpus) {
  std::map<DecodeId, std::string> names;
  for (const System& system : corpus.systems) names.emplace(system.decode.decode, system.name);
  return names;
}

/// A first column with a name for each row.
void put_names_first(Table& table, const std::vector<std::string>& names) {
  table.columns.insert(table.columns.begin(), {.key = "system", .title = "system"});
  for (std::size_t r = 0; r < names.size(); ++r) table.rows[r].insert(table.rows[r].begin(), names[r]);
}

/// The scores of one corpus, a figure for each metric and signature.
void add_scores(const CorpusSystems& corpus, const std::vector<ScoreSummary>& scores, std::vector<Figure>& figures) {
  const auto names = names_of(corpus);
  std::map<std::pair<std::string, std::string>, std::vector<ScoreSummary>> comparable;
  for (const ScoreSummary& score : scores) {
    if (names.contains(score.decode)) comparable[{score.metric, score.signature}].push_back(score);
  }
  for (const auto& [key, rows] : comparable) {
    const auto& [metric, signature] = key;
    Figure figure{.table = scores_tables(rows).front()};
    std::vector<std::string> systems;
    for (const ScoreSummary& row : rows) systems.push_back(names.at(row.decode));
    put_names_first(figure.table, systems);
    figure.table.title = fmt::format("{} on {}", metric_title(metric), corpus.title);
    figure.table.notes.push_back(fmt::format("Signature: {}", signature));
    figure.charts.push_back({.kind = ChartKind::kDot,
                             .title = figure.table.title,
                             .x = "system",
                             .series = {{"value", "low", "high", metric_title(metric)}},
                             .y_title = metric_title(metric) + ", with 95 % interval"});
    figures.push_back(std::move(figure));
  }
}

/// Systems beside each other, bin by bin.
Table length_table(const std::map<DecodeId, std::string>& names, std::vector<LengthSlice> slices) {
  std::stable_sort(slices.begin(), slices.end(),
                   [](const LengthSlice& a, const LengthSlice& b) { return a.from_words < b.from_words; });
  Table table{.key = "bleu_by_length",
              .columns = {{.key = "words", .title = "words"},
                          {.key = "system", .title = "system"},
                          {.key = "sentences", .title = "sentences"},
                          {.key = "bleu", .title = "BLEU"},
                          {.key = "brevity_penalty", .title = "BP", .decimals = 3},
                          {.key = "length_ratio", .title = "ratio", .decimals = 3}}};
  for (const LengthSlice& slice : slices) {
    table.rows.push_back({words_text(slice.from_words, slice.to_words), names.at(slice.decode), slice.sentences,
                          cell_of(slice.bleu), slice.brevity_penalty, cell_of(slice.length_ratio)});
  }
  return table;
}

std::vector<PageSection> one_unless_empty(PageSection section) {
  if (section.figures.empty()) return {};
  return {std::move(section)};
}

}  // namespace

std::vector<PageSection> runs_section(LedgerReader& ledger, const ReportScope& scope) {
  std::vector<RunSummary> runs = ledger.runs();
  if (scope.run) std::erase_if(runs, [&scope](const RunSummary& one) { return one.run != *scope.run; });
  PageSection section{.id = "runs", .title = "Runs"};
  if (runs.empty()) {
    section.text.emplace_back(
        "This ledger has no runs yet. Commands with --ledger write them: isthmus train, evaluate, analyze.");
  } else {
    section.figures.push_back({.table = runs_table(runs)});
  }
  return {section};
}

std::vector<PageSection> scores_section(LedgerReader& ledger, const ReportScope& scope) {
  PageSection section{
      .id = "scores",
      .title = "Scores",
      .text = {"Whiskers are 95 % bootstrap intervals. Scores of different signatures do not compare, so they "
               "never share a figure."}};
  const std::vector<ScoreSummary> scores = ledger.scores(scope.run);
  for (const auto& [id, corpus] : systems_by_corpus(ledger, scope.run)) add_scores(corpus, scores, section.figures);
  for (Table& table : comparisons_tables(ledger.comparisons(scope.run))) section.figures.push_back({std::move(table)});
  return one_unless_empty(std::move(section));
}

std::vector<PageSection> length_section(LedgerReader& ledger, const ReportScope& scope) {
  PageSection section{
      .id = "length",
      .title = "BLEU by length",
      .text = {
          "Corpus BLEU of the sentences of each length, in bins of five words of the source, or of the reference where "
          "no source was given. Bins with "
          "few sentences say little: the table has their number."}};
  const std::vector<LengthSlice> slices = ledger.bleu_by_length(scope.run);
  for (const auto& [id, corpus] : systems_by_corpus(ledger, scope.run)) {
    const auto names = names_of(corpus);
    std::map<std::string, std::vector<LengthSlice>> comparable;
    for (const LengthSlice& slice : slices) {
      if (names.contains(slice.decode)) comparable[slice.signature].push_back(slice);
    }
    for (const auto& [signature, rows] : comparable) {
      Figure figure{.table = length_table(names, rows)};
      figure.table.title = fmt::format("BLEU by words on {}", corpus.title);
      figure.table.notes.push_back(fmt::format("Signature: {}", signature));
      figure.charts.push_back({.title = figure.table.title,
                               .x = "words",
                               .series = {{.y = "bleu"}},
                               .group = "system",
                               .x_title = "words of the source, or of the reference without one",
                               .y_title = "BLEU",
                               .from_zero = true});
      section.figures.push_back(std::move(figure));
    }
  }
  return one_unless_empty(std::move(section));
}

std::vector<PageSection> cells_section(LedgerReader& ledger, const ReportScope& scope) {
  std::vector<CellSummary> cells = ledger.cells();
  if (scope.run) std::erase_if(cells, [&scope](const CellSummary& one) { return one.run != *scope.run; });
  if (cells.empty()) return {};
  PageSection section{.id = "cells", .title = "Training runs side by side"};
  for (Table& table : cells_tables(cells)) section.figures.push_back({.table = std::move(table)});
  return {section};
}

std::vector<PageSection> candidates_section(LedgerReader& ledger, const ReportScope& scope) {
  if (ledger.candidate_pairs(scope.run).empty()) return {};
  PageSection section{
      .id = "candidates",
      .title = "Candidates",
      .text = {"What training on whole sequences weighed for one sentence, update by update: candidates of a "
               "weight above 0 became likelier, those below 0 less likely."}};
  for (Table& table : candidates_tables(ledger, scope.run, scope.pair)) {
    section.figures.push_back({.table = std::move(table)});
  }
  return {section};
}

}  // namespace isthmus
