#include "cli/analyze_command.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

#include "analysis/length.h"
#include "cli/command_line.h"
#include "cli/recorded_run.h"
#include "core/error.h"
#include "core/log.h"
#include "core/threads.h"
#include "corpora/line_reader.h"
#include "decode/load_translation_model.h"
#include "decode/translator.h"
#include "evaluation/chrf.h"
#include "evaluation/score_warnings.h"
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
  check_same_length({options.source, lines.sources}, {options.reference, lines.references});
  return lines;
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

/// Translates, studies, writes and prints.
void analyze_length(const AnalyzeOptions& options, const std::string& model_path, Ledger& ledger, RunId run,
                    const ParallelLines& lines) {
  const auto model = load_translation_model(model_path);
  Translator translator(translation_model(model), options.search, options.translate);
  const TimedTranslation translated = translate_timed(translator, lines.sources, options.source);
  const DecodedCorpus decoded{.model = {model_path, model->file.provenance},
                              .source_path = options.source,
                              .reference_path = options.reference,
                              .sources = lines.sources,
                              .references = lines.references,
                              .translation = translated};
  const auto begin = std::chrono::steady_clock::now();
  const LengthStudy study = study_length(lines.sources, translated.texts, lines.references, options.length);
  const std::chrono::duration<double> studied = std::chrono::steady_clock::now() - begin;
  AnalysisId analysis{};
  ledger.transaction([&] {
    const DecodeIds ids = write_decode(ledger, run, translator, decoded);
    write_scores(ledger, ids.decode, lines, translated.texts, study, options.length.bleu);
    analysis = write(ledger,
                     {.run = run,
                      .checkpoint = ids.checkpoint,
                      .corpus = ids.corpus,
                      .decode = ids.decode,
                      .seconds = studied.count()},
                     study, options.length);
  });
  fmt::print("{}", render(length_study_tables(analysis, study.rows, study.findings, study.verdict), options.format,
                          output_width()));
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
