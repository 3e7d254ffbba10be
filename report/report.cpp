#include "report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "core/progress.h"

namespace isthmus {
namespace {

Cell number_of(RunId run) { return static_cast<std::int64_t>(run); }

/// The table of that signature in `tables`, made by `make` when it is the first of its kind.
template <class Make>
Table& table_titled(std::vector<Table>& tables, const std::string& title, const Make& make) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return t.title == title; });
  if (found != tables.end()) return *found;
  tables.push_back(make());
  tables.back().title = title;
  return tables.back();
}

/// "31.2 – 34.5", or nothing.
Cell interval(std::optional<double> low, std::optional<double> high) {
  if (!low || !high || std::isnan(*low) || std::isnan(*high)) return {};
  return fmt::format("{:.2f} – {:.2f}", *low, *high);
}

/// Where a model was trained: "run 3", or elsewhere, with what its file says. Empty for text without a model.
std::string trained_in(std::optional<std::int64_t> run, std::optional<std::int64_t> updates, const std::string& model) {
  if (run) return fmt::format("run {}", *run);
  if (model.empty()) return "";
  return updates.value_or(0) == 0 ? "elsewhere" : fmt::format("elsewhere, {}", counted(*updates, "update"));
}

/// Says once below a table what "elsewhere" means.
void note_origin(const std::string& origin, Table& table) {
  if (!origin.starts_with("elsewhere") || !table.notes.empty()) return;
  table.notes.emplace_back(
      "elsewhere: no run of this ledger trained the model; its updates are those that its file states.");
}

/// What the marks and gaps of a length table mean, where it has any.
std::vector<std::string> notes_on_bins(std::span<const LengthQualityRow> rows, bool cumulative) {
  bool thin = false;
  bool bare = false;
  for (const LengthQualityRow& row : rows) {
    if (row.cumulative != cumulative) continue;
    thin = thin || row.thin;
    bare = bare || std::isnan(row.quality.low);
  }
  std::vector<std::string> notes;
  if (thin) notes.emplace_back("* Fewer sentences than --min-sentences: too few to bear on a finding.");
  if (bare) notes.emplace_back("One sentence alone has no interval.");
  return notes;
}

/// A number that may be none.
Cell number_cell(double number) { return std::isnan(number) ? Cell() : Cell(number); }

}  // namespace

Table runs_table(std::span<const RunSummary> runs) {
  Table table{.key = "runs",
              .title = "Runs",
              .columns = {{.key = "run", .title = "run", .is_name = true},
                          {.key = "command", .title = "command"},
                          {.key = "started", .title = "started (UTC)", .rank = 2},
                          {.key = "minutes", .title = "minutes", .decimals = 1, .rank = 1},
                          {.key = "status", .title = "status", .least = 12},
                          {.key = "parameters", .title = "parameters", .rank = 5},
                          {.key = "updates", .title = "updates"},
                          {.key = "target_tokens_per_s", .title = "tokens/s", .decimals = 0, .rank = 3},
                          {.key = "peak_memory_mb", .title = "memory MB", .decimals = 0, .rank = 6},
                          {.key = "best_valid_bleu", .title = "valid BLEU"},
                          {.key = "seed", .title = "seed", .is_name = true, .rank = 7},
                          {.key = "parent_run", .title = "parent", .is_name = true, .rank = 4},
                          {.key = "model", .title = "model", .least = 14, .is_path = true}}};
  for (const RunSummary& run : runs) {
    std::string started = run.started.substr(0, 16);
    std::replace(started.begin(), started.end(), 'T', ' ');
    table.rows.push_back({number_of(run.run), run.command, started, cell_of(run.minutes), run.status,
                          cell_of(run.parameters), cell_of(run.updates), cell_of(run.target_tokens_per_s),
                          cell_of(run.peak_memory_mb), cell_of(run.best_valid_bleu), cell_of(run.seed),
                          cell_of(run.parent_run), run.model});
  }
  return table;
}

std::vector<Table> scores_tables(std::span<const ScoreSummary> scores) {
  std::vector<Table> tables;
  for (const ScoreSummary& score : scores) {
    const std::string metric = metric_title(score.metric);
    const auto make = [&metric] {
      return Table{.key = "scores",
                   .columns = {{.key = "run", .title = "run", .is_name = true},
                               {.key = "trained_in", .title = "trained in", .audience = Audience::kPeople, .least = 10},
                               {.key = "model_run", .audience = Audience::kMachines},
                               {.key = "model_updates", .audience = Audience::kMachines},
                               {.key = "corpus", .title = "corpus", .least = 10, .is_path = true},
                               {.key = "search", .title = "search"},
                               {.key = "metric", .audience = Audience::kMachines},
                               {.key = "value", .title = metric},
                               {.key = "interval", .title = "95 % interval", .audience = Audience::kPeople},
                               {.key = "low", .audience = Audience::kMachines},
                               {.key = "high", .audience = Audience::kMachines},
                               {.key = "signature", .audience = Audience::kMachines},
                               {.key = "sentences", .title = "sentences", .rank = 1},
                               {.key = "seconds", .title = "seconds", .decimals = 1, .rank = 3},
                               {.key = "model", .title = "model", .least = 12, .is_path = true},
                               {.key = "bar", .is_bar = true, .rank = 2}}};
    };
    Table& table = table_titled(tables, fmt::format("{} ({})", metric, score.signature), make);
    const std::string origin = score.method == "file" ? "" : trained_in(score.model_run, score.updates, score.model);
    note_origin(origin, table);
    table.rows.push_back({number_of(score.run), origin, cell_of(score.model_run), cell_of(score.updates), score.corpus,
                          search_of(score.method, score.beam), score.metric, cell_of(score.value),
                          interval(score.low, score.high), cell_of(score.low), cell_of(score.high), score.signature,
                          score.sentences, score.seconds, score.model, cell_of(score.value)});
  }
  std::stable_sort(tables.begin(), tables.end(), [](const Table& a, const Table& b) { return a.title < b.title; });
  if (tables.empty()) {
    tables.push_back({.key = "scores", .title = "Scores", .notes = {"isthmus evaluate --ledger writes them."}});
  }
  return tables;
}

std::vector<Table> comparisons_tables(std::span<const ComparisonSummary> comparisons) {
  if (comparisons.empty()) return {};
  Table table{.key = "comparisons",
              .title = "Is the difference chance?",
              .columns = {{.key = "run", .title = "run", .is_name = true},
                          {.key = "corpus", .title = "corpus", .rank = 2, .least = 10, .is_path = true},
                          {.key = "metric", .audience = Audience::kMachines},
                          {.key = "score", .title = "score", .audience = Audience::kPeople},
                          {.key = "model", .title = "of", .least = 12, .is_path = true},
                          {.key = "value", .title = "value"},
                          {.key = "baseline_model", .title = "against", .least = 12, .is_path = true},
                          {.key = "baseline_value", .title = "value"},
                          {.key = "test", .title = "test"},
                          {.key = "p", .title = "p", .decimals = 4},
                          {.key = "trials", .title = "trials", .rank = 1},
                          {.key = "signature", .audience = Audience::kMachines}}};
  for (const ComparisonSummary& one : comparisons) {
    table.rows.push_back({number_of(one.run), one.corpus, one.metric, metric_title(one.metric), one.model,
                          cell_of(one.value), one.baseline_model, cell_of(one.baseline_value), one.test, one.p,
                          one.trials, one.signature});
  }
  return {table};
}

Table curve_table(LedgerReader& ledger, RunId run) {
  const std::string title = fmt::format("Learning curve of run {}", static_cast<std::int64_t>(run));
  Table table{.key = "learning_curve",
              .title = title,
              .columns = {{.key = "updates", .title = "updates"},
                          {.key = "epoch", .title = "epoch"},
                          {.key = "minutes", .title = "minutes", .decimals = 1, .rank = 3},
                          {.key = "train_loss", .title = "train loss", .decimals = 3, .rank = 2},
                          {.key = "corpus", .title = "corpus", .rank = 4, .least = 10, .is_path = true},
                          {.key = "loss", .title = "loss", .decimals = 3},
                          {.key = "perplexity", .title = "perplexity", .rank = 5},
                          {.key = "bleu", .title = "BLEU"},
                          {.key = "chrf", .title = "chrF"},
                          {.key = "best", .title = "best"},
                          {.key = "bar", .is_bar = true, .rank = 1}}};
  for (const CurvePoint& point : ledger.learning_curve(run)) {
    table.rows.push_back({point.updates, cell_of(point.epoch), cell_of(point.minutes), cell_of(point.train_loss),
                          point.corpus, cell_of(point.loss), cell_of(point.perplexity), cell_of(point.bleu),
                          cell_of(point.chrf), std::string(point.is_best ? "*" : ""), cell_of(point.bleu)});
  }
  if (!table.rows.empty()) return table;
  table = {.key = "training_log",
           .title = title + " (training log: it was never validated)",
           .columns = {{.key = "updates", .title = "updates"},
                       {.key = "epoch", .title = "epoch"},
                       {.key = "minutes", .title = "minutes", .decimals = 1},
                       {.key = "train_loss", .title = "train loss", .decimals = 3},
                       {.key = "grad_norm", .title = "gradient norm", .decimals = 3},
                       {.key = "learning_rate", .title = "learning rate", .decimals = 6},
                       {.key = "target_tokens_per_s", .title = "tokens/s", .decimals = 0}}};
  for (const LogPoint& point : ledger.training_log(run)) {
    table.rows.push_back({point.updates, point.epoch, point.minutes, cell_of(point.loss), cell_of(point.grad_norm),
                          point.learning_rate, point.target_tokens_per_s});
  }
  return table;
}

std::vector<Table> bleu_by_length_tables(std::span<const LengthSlice> slices) {
  std::vector<Table> tables;
  for (const LengthSlice& slice : slices) {
    const std::string title =
        fmt::format("BLEU by words of the source{}: {}, {}, decode {} ({})",
                    slice.method == "file" ? ", or of the reference without one" : "", slice.corpus,
                    search_of(slice.method, slice.beam), static_cast<std::int64_t>(slice.decode), slice.signature);
    Table& table = table_titled(tables, title, [] {
      return Table{.key = "bleu_by_length",
                   .columns = {{.key = "decode", .title = "decode", .is_name = true},
                               {.key = "words", .title = "words", .audience = Audience::kPeople},
                               {.key = "from_words", .audience = Audience::kMachines},
                               {.key = "to_words", .audience = Audience::kMachines},
                               {.key = "signature", .audience = Audience::kMachines},
                               {.key = "sentences", .title = "sentences"},
                               {.key = "bleu", .title = "BLEU"},
                               {.key = "brevity_penalty", .title = "BP", .decimals = 3},
                               {.key = "length_ratio", .title = "ratio", .decimals = 3, .rank = 2},
                               {.key = "bar", .is_bar = true, .rank = 1}}};
    });
    table.rows.push_back({static_cast<std::int64_t>(slice.decode), words_text(slice.from_words, slice.to_words),
                          slice.from_words, slice.to_words, slice.signature, slice.sentences, cell_of(slice.bleu),
                          slice.brevity_penalty, cell_of(slice.length_ratio), cell_of(slice.bleu)});
  }
  if (tables.empty()) tables.push_back({.key = "bleu_by_length", .title = "BLEU by length"});
  return tables;
}

std::vector<Table> cells_tables(std::span<const CellSummary> cells) {
  std::vector<Table> tables;
  for (const CellSummary& cell : cells) {
    const std::string title =
        cell.signature.empty() ? "Cells, not scored yet" : fmt::format("Cells: BLEU ({})", cell.signature);
    Table& table = table_titled(tables, title, [] {
      return Table{.key = "cells",
                   .columns = {{.key = "run", .title = "run", .is_name = true},
                               {.key = "cell", .title = "cell"},
                               {.key = "layers", .title = "layers", .rank = 4},
                               {.key = "hidden", .title = "hidden", .rank = 3},
                               {.key = "encoder", .title = "encoder", .rank = 9},
                               {.key = "context", .title = "context", .rank = 8},
                               {.key = "parameters", .title = "parameters"},
                               {.key = "target_tokens_per_s", .title = "tokens/s", .decimals = 0},
                               {.key = "peak_memory_mb", .title = "memory MB", .decimals = 0, .rank = 6},
                               {.key = "minutes", .title = "minutes", .decimals = 1, .rank = 5},
                               {.key = "best_valid_bleu", .title = "valid BLEU", .rank = 2},
                               {.key = "corpus", .title = "test corpus", .least = 12, .is_path = true},
                               {.key = "search", .title = "search", .rank = 1},
                               {.key = "bleu", .title = "BLEU"},
                               {.key = "interval", .title = "95 % interval", .audience = Audience::kPeople},
                               {.key = "low", .audience = Audience::kMachines},
                               {.key = "high", .audience = Audience::kMachines},
                               {.key = "signature", .audience = Audience::kMachines},
                               {.key = "bar", .is_bar = true, .rank = 7}}};
    });
    const Cell encoder =
        cell.bidirectional ? Cell(std::string(*cell.bidirectional != 0 ? "bidirectional" : "forward")) : Cell();
    const Cell search = cell.beam ? Cell(search_of(cell.method, *cell.beam)) : Cell();
    table.rows.push_back({number_of(cell.run), cell.cell, cell_of(cell.layers), cell_of(cell.hidden), encoder,
                          cell.context, cell_of(cell.parameters), cell_of(cell.target_tokens_per_s),
                          cell_of(cell.peak_memory_mb), cell_of(cell.minutes), cell_of(cell.best_valid_bleu),
                          cell.corpus, search, cell_of(cell.bleu), interval(cell.low, cell.high), cell_of(cell.low),
                          cell_of(cell.high), cell.signature, cell_of(cell.bleu)});
  }
  if (tables.empty()) tables.push_back({.key = "cells", .title = "Cells"});
  return tables;
}

std::vector<Table> length_study_tables(AnalysisId analysis, std::span<const LengthQualityRow> rows) {
  const Cell number = static_cast<std::int64_t>(analysis);
  const Column number_column{.key = "analysis", .audience = Audience::kMachines, .is_name = true};
  const auto find = [&rows](const LengthQualityRow& like, const char* metric) -> const LengthQualityRow* {
    for (const LengthQualityRow& row : rows) {
      if (row.metric == metric && row.cumulative == like.cumulative && row.to == like.to) return &row;
    }
    return nullptr;
  };
  const auto make = [&](bool cumulative) {
    Table table{.key = cumulative ? "quality_up_to_length" : "quality_by_length",
                .title = cumulative ? "Sources up to a length" : "Sources of each length",
                .columns = {number_column,
                            {.key = "length", .title = "length", .audience = Audience::kPeople},
                            {.key = "from_length", .audience = Audience::kMachines},
                            {.key = "to_length", .audience = Audience::kMachines},
                            {.key = "sentences", .title = "sentences"}},
                .notes = notes_on_bins(rows, cumulative)};
    for (const auto& [metric, title] : {std::pair("bleu", "BLEU"), std::pair("chrf", "chrF")}) {
      const std::string name = metric;
      table.columns.push_back({.key = name, .title = title});
      table.columns.push_back({.key = name + "_interval", .title = "95 % interval", .audience = Audience::kPeople});
      table.columns.push_back({.key = name + "_low", .audience = Audience::kMachines});
      table.columns.push_back({.key = name + "_high", .audience = Audience::kMachines});
    }
    table.columns.push_back({.key = "thin", .audience = Audience::kMachines});
    table.columns.push_back({.key = "bar", .is_bar = true, .rank = 1});
    for (const LengthQualityRow& row : rows) {
      if (row.metric != "bleu" || row.cumulative != cumulative) continue;
      const std::string length = cumulative ? fmt::format("≤ {}", row.to) : words_text(row.from, row.to);
      std::vector<Cell> cells{number, length + (row.thin ? " *" : ""), row.from, row.to, row.sentences};
      for (const char* metric : {"bleu", "chrf"}) {
        const LengthQualityRow* found = find(row, metric);
        const Estimate quality = found ? found->quality : Estimate{};
        cells.insert(cells.end(), {quality.value, interval(quality.low, quality.high), number_cell(quality.low),
                                   number_cell(quality.high)});
      }
      cells.emplace_back(std::int64_t{row.thin});
      cells.emplace_back(row.quality.value);
      table.rows.push_back(std::move(cells));
    }
    return table;
  };
  return {make(false), make(true)};
}

std::string title_of(const StudySummary& study) {
  const std::string origin = trained_in(study.model_run, study.updates, study.model);
  if (origin.empty()) return fmt::format("{} on {}", study.kind, study.corpus);
  const std::string model = std::filesystem::path(study.model).filename().string();
  return fmt::format("{} of {} ({}{}) on {}", study.kind, model, study.model_run ? "" : "trained ", origin,
                     study.corpus);
}

std::string search_of(const std::string& method, std::int64_t beam) {
  return method == "beam" ? fmt::format("beam {}", beam) : method;
}

std::string metric_title(const std::string& metric) {
  if (metric == "bleu") return "BLEU";
  if (metric.starts_with("chrf")) return "chrF" + metric.substr(4);
  if (metric == "ter") return "TER";
  return metric;
}

std::string words_text(std::int64_t from, std::int64_t to) {
  return from == to ? fmt::format("{}", from) : fmt::format("{}–{}", from, to);
}

}  // namespace isthmus
