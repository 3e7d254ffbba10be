#include "cli/analyze_command.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

#include "analysis/length.h"
#include "cli/command_line.h"
#include "cli/recorded_run.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/progress.h"
#include "core/threads.h"
#include "corpora/line_reader.h"
#include "decode/load_translation_model.h"
#include "decode/translator.h"
#include "evaluation/chrf.h"
#include "report/report.h"

namespace isthmus::cli {
namespace {

struct AnalyzeOptions {
  std::string source;
  std::string reference;
  std::string ledger = "ledger.sqlite";
  ReportFormat format = ReportFormat::kText;
  SearchOptions search;
  TranslateOptions translate;
  LengthOptions length;
};

void describe(OptionVisitor& visit, AnalyzeOptions& options) {
  visit.group("Files");
  visit("source", options.source, "text to translate, a sentence a line");
  visit("reference", options.reference, "its translations, line by line");
  visit("ledger", options.ledger, "where the translations and the results are kept");
  visit("format", options.format, "how to print tables");
  describe(visit, options.length);
  describe(visit, options.search);
  describe(visit, options.translate);
}

/// Source and reference, line by line.
struct ParallelLines {
  std::vector<std::string> sources;
  std::vector<std::string> references;
};

ParallelLines read_parallel(const AnalyzeOptions& options) {
  if (options.source.empty()) throw UsageError("--source is missing: the text to translate");
  if (options.reference.empty()) throw UsageError("--reference is missing: what the translations are compared with");
  ParallelLines lines{read_lines(options.source), read_lines(options.reference)};
  if (lines.sources.empty()) throw InputError::in_file(options.source, "no lines", "there is nothing to translate");
  if (lines.sources.size() != lines.references.size()) {
    throw InputError::in_file(
        options.reference,
        fmt::format("{} lines, but {} has {}", lines.references.size(), options.source, lines.sources.size()),
        "line n of the one must be the translation of line n of the other");
  }
  return lines;
}

std::vector<Translation> translate(Translator& translator, const ParallelLines& lines, const std::string& origin) {
  const InterruptScope interrupts;
  Progress progress("translating", "sentences", static_cast<std::int64_t>(lines.sources.size()));
  return translator.translate(lines.sources, {.name = origin},
                              [&progress](std::size_t done) { progress.update(static_cast<std::int64_t>(done)); });
}

const FindingRow& finding_named(const LengthStudy& study, std::string_view name) {
  for (const FindingRow& row : study.findings) {
    if (row.name == name) return row;
  }
  throw std::logic_error("no such finding");
}

void write_scores(Ledger& ledger, DecodeId decode, const ParallelLines& lines,
                  const std::vector<std::string>& hypotheses, const LengthStudy& study, const BleuOptions& options) {
  const auto scoring = [decode](const char* metric, std::string signature, const FindingRow& score) {
    return ScoringRow{.decode = decode,
                      .metric = metric,
                      .signature = std::move(signature),
                      .value = score.value.value_or(0),
                      .low = score.low,
                      .high = score.high};
  };
  ledger.add(scoring("bleu", bleu_signature(options, "1"), finding_named(study, "bleu")),
             bleu_statistics(hypotheses, single_references(lines.references), options));
  ledger.add(scoring("chrf", chrf_signature({}, "1"), finding_named(study, "chrf")));
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Translates, studies, writes and prints.
void analyze_length(const AnalyzeOptions& options, const std::string& model_path, Ledger& ledger, RunId run,
                    const ParallelLines& lines) {
  Translator translator(translation_model(load_translation_model(model_path)), options.search, options.translate);
  auto begin = std::chrono::steady_clock::now();
  const std::vector<Translation> translations = translate(translator, lines, options.source);
  const DecodedCorpus decoded{.model_path = model_path,
                              .source_path = options.source,
                              .reference_path = options.reference,
                              .sources = lines.sources,
                              .references = lines.references,
                              .translations = translations,
                              .seconds = seconds_since(begin)};
  std::vector<std::string> hypotheses;
  for (const Translation& translation : translations) hypotheses.emplace_back(translation.text());

  begin = std::chrono::steady_clock::now();
  const LengthStudy study = study_length(lines.sources, hypotheses, lines.references, options.length);
  AnalysisId analysis{};
  ledger.transaction([&] {
    const DecodeIds ids = write_decode(ledger, run, translator, decoded);
    write_scores(ledger, ids.decode, lines, hypotheses, study, options.length.bleu);
    analysis = write(ledger,
                     {.run = run,
                      .checkpoint = ids.checkpoint,
                      .corpus = ids.corpus,
                      .decode = ids.decode,
                      .seconds = seconds_since(begin)},
                     study, options.length);
  });
  fmt::print("{}", render(length_study_tables(analysis, study.rows, study.findings, study.verdict), options.format));
  log_info("study {} of run {} is in {}", static_cast<std::int64_t>(analysis), static_cast<std::int64_t>(run),
           ledger.path());
}

}  // namespace

int run_analyze(Arguments arguments) {
  AnalyzeOptions options;
  std::vector<std::string> names;
  CommandLine line(
      "analyze", "STUDY MODEL --source FILE --reference FILE",
      "Measures what a model's context vector carries, and keeps the results in a ledger. STUDY is length: "
      "BLEU and chrF by the length of the source, with bootstrap intervals, how fast they fall and where "
      "BLEU is halved; or all. docs/ledger.md describes the results.",
      {"isthmus analyze length model.isthmus --source test.de --reference test.en",
       "isthmus analyze length model.isthmus --source test.ja --reference test.en --length-unit characters "
       "--bin-width 10"});
  line.add(options);
  line.positional("STUDY MODEL", names, 2, 2);
  if (!line.parse(arguments)) return 0;
  if (names[0] != "length" && names[0] != "all") {
    throw UsageError(fmt::format("'{}' is no study; the studies are length, and all", names[0]));
  }
  if (options.ledger.empty()) throw UsageError("--ledger is empty; a study is kept in a ledger: name its file");
  if (options.translate.threads == 0) options.translate.threads = static_cast<std::int64_t>(available_processors());
  const ParallelLines lines = read_parallel(options);
  Ledger ledger = Ledger::open(options.ledger);
  record_run(ledger,
             {.command = "analyze " + names[0],
              .config_json = to_json(options),
              .seed = options.length.seed,
              .threads = options.translate.threads},
             [&](RunId run) { analyze_length(options, names[1], ledger, run, lines); });
  return 0;
}

}  // namespace isthmus::cli
