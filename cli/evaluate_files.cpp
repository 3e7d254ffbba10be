#include "cli/evaluate_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "cli/recorded_file.h"
#include "cli/recorded_run.h"
#include "cli/recorded_scores.h"
#include "core/error.h"
#include "core/log.h"
#include "corpora/line_reader.h"
#include "evaluation/score_warnings.h"
#include "evaluation/system_chance.h"
#include "evaluation/text.h"

namespace isthmus::cli {
namespace {

/// All that the scores depend on, for the ledger.
struct RecordedOptions {
  std::vector<std::string> hypothesis;
  std::vector<std::string> reference;
  std::string source;
  std::vector<std::string> metric_names;
  MetricOptions metrics;
  ResamplingOptions resampling;
};

void describe(OptionVisitor& visit, RecordedOptions& options) {
  visit("hypothesis", options.hypothesis, "");
  visit("reference", options.reference, "");
  visit("source", options.source, "");
  visit("metrics", options.metric_names, "");
  describe(visit, options.metrics);
  describe(visit, options.resampling);
}

/// The lines without white space at their ends, as sacreBLEU's command line reads them. An empty line is a sentence.
NamedLines read_text(const std::string& path) {
  NamedLines text{path, read_lines(path)};
  for (std::string& line : text.lines) line.resize(strip_right(line).size());
  return text;
}

std::vector<SystemScores> score_all(const EvaluatedTexts& texts, const EvaluateOptions& options) {
  const std::vector<const Metric*> metrics = chosen_metrics(options);
  std::vector<SystemScores> all;
  for (const NamedLines& system : texts.systems) {
    SystemScores& result = all.emplace_back(SystemScores{system.name, {}});
    for (const Metric* metric : metrics) {
      result.scores.push_back(metric->score(system.lines, texts.references, options.metric_options));
      for (const std::string& warning : result.scores.back().warnings) log_warning("{}: {}", system.name, warning);
    }
  }
  if ((options.resampling.intervals() || options.resampling.paired()) && texts.references.size() < 2) {
    log_warning("one sentence alone has no interval, and cannot tell systems apart");
  }
  add_chance(texts.systems, texts.references, metrics, options.metric_options, options.resampling, all);
  return all;
}

void record_inputs(Ledger& ledger, RunId run, const EvaluateOptions& options) {
  const auto record = [&](const char* kind, const std::string& path) {
    if (path.empty()) return;
    // What came through standard input is gone; the ledger has its lines.
    ledger.add(path == "-" ? ArtifactRow{.run = run, .kind = kind, .path = path} : recorded_file(run, kind, path));
  };
  for (const std::string& path : options.hypothesis) record("hypothesis", path);
  for (const std::string& path : options.reference) record("reference", path);
  record("source", options.model.source);
}

/// A decode without a model.
DecodeId write_system(Ledger& ledger, RunId run, CorpusId corpus, const NamedLines& system) {
  std::vector<HypothesisRow> rows;
  std::int64_t empty = 0;
  for (const std::string& line : system.lines) {
    rows.push_back({.line = static_cast<std::int64_t>(rows.size()) + 1, .text = line});
    empty += line.empty();
  }
  const nlohmann::json options = {{"hypothesis", system.name}};
  return ledger.add(DecodeRow{.run = run,
                              .corpus = corpus,
                              .method = "file",
                              .options_json = options.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                              .empty = empty},
                    rows);
}

void write_all(Ledger& ledger, RunId run, const EvaluatedTexts& texts, const std::vector<SystemScores>& scores,
               const EvaluateOptions& options) {
  std::vector<std::string> references;
  for (const References& each : texts.references) references.push_back(each.front());
  const std::vector<std::string> sources =
      texts.sources.empty() ? std::vector<std::string>(references.size()) : texts.sources;
  ledger.transaction([&] {
    record_inputs(ledger, run, options);
    const CorpusId corpus = ledger.add_corpus(run, test_corpus(options.model.source, options.reference.front()), "test",
                                              sources, references);
    std::vector<std::vector<ScoringId>> scorings;
    for (std::size_t i = 0; i < texts.systems.size(); ++i) {
      const DecodeId decode = write_system(ledger, run, corpus, texts.systems[i]);
      scorings.push_back(write_scores(ledger, {decode, texts.systems[i].lines, scores[i]}, chosen_metrics(options),
                                      texts.references, options.metric_options));
    }
    write_comparisons(ledger, scores, scorings, options.resampling);
  });
}

}  // namespace

EvaluatedTexts read_evaluated_texts(const EvaluateOptions& options) {
  EvaluatedTexts texts;
  for (const std::string& path : options.hypothesis) texts.systems.push_back(read_text(path));
  std::vector<std::vector<std::string>> references;
  for (const std::string& path : options.reference) {
    NamedLines reference = read_text(path);
    for (const NamedLines& system : texts.systems) check_same_length(system, reference);
    references.push_back(std::move(reference.lines));
  }
  if (references[0].empty()) throw InputError::in_file(options.reference[0], "no lines", "there is nothing to score");
  if (!options.model.source.empty()) {
    NamedLines source{options.model.source, read_lines(options.model.source)};
    check_same_length({options.reference[0], references[0]}, source);
    texts.sources = std::move(source.lines);
  }
  texts.references = transpose_references(references);
  return texts;
}

std::vector<SystemScores> evaluate_files(const EvaluatedTexts& texts, const EvaluateOptions& options,
                                         const std::string& ledger_path) {
  if (ledger_path.empty()) return score_all(texts, options);
  RecordedOptions recorded{options.hypothesis,     options.reference, options.model.source, {},
                           options.metric_options, options.resampling};
  for (const Metric* metric : chosen_metrics(options)) recorded.metric_names.emplace_back(metric->name);
  RunRecord record{.command = "evaluate", .config_json = to_json(recorded)};
  if (options.resampling.intervals() || options.resampling.paired()) record.seed = options.resampling.seed;
  std::vector<SystemScores> scores;
  Ledger ledger = Ledger::open(ledger_path);
  record_run(ledger, record, [&](RunId run) {
    scores = score_all(texts, options);
    write_all(ledger, run, texts, scores, options);
  });
  return scores;
}

void print_sentence_scores(const EvaluatedTexts& texts, EvaluateOptions options) {
  const NamedLines& system = texts.systems.front();
  options.metric_options.bleu = sentence_options(options.metric_options.bleu);
  const std::vector<const Metric*> chosen = chosen_metrics(options);
  for (std::size_t i = 0; i < system.lines.size(); ++i) {
    std::string line;
    for (const Metric* metric : chosen) {
      const MetricScore score = metric->score(std::span(system.lines).subspan(i, 1),
                                              std::span(texts.references).subspan(i, 1), options.metric_options);
      if (i == 0) log_info("{}|{}", score.name, score.signature);
      line += fmt::format("{}{:.{}f}", line.empty() ? "" : "\t", score.score, options.decimals);
    }
    fmt::print("{}\n", line);
  }
}

}  // namespace isthmus::cli
