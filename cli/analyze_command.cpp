#include "cli/analyze_command.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "analysis/study.h"
#include "cli/command_line.h"
#include "cli/context_recorder.h"
#include "cli/recorded_run.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/threads.h"
#include "corpora/line_reader.h"
#include "decode/load_translation_model.h"
#include "decode/translator.h"
#include "evaluation/metrics.h"
#include "evaluation/score_warnings.h"
#include "report/studies/study_view.h"

namespace isthmus::cli {
namespace {

struct AnalyzeOptions {
  std::string source;
  std::string reference;
  std::int64_t sentences = 0;
  std::string ledger = "ledger.sqlite";
  ReportFormat format = ReportFormat::kText;
  SearchOptions search;
  TranslateOptions translate;
  StudyOptions studies;
};

void describe(OptionVisitor& visit, AnalyzeOptions& options) {
  visit.group("Files");
  visit("source", options.source, "text to translate, a sentence a line");
  visit("reference", options.reference, "its translations, line by line");
  visit("sentences", options.sentences, "the first lines of the text are enough: so many; 0 takes all", at_least(0));
  visit("ledger", options.ledger, "where the translations and the results are kept");
  visit("format", options.format, "how to print tables");
  describe(visit, options.studies);
  describe(visit, options.search);
  describe(visit, options.translate);
}

std::string names_of_studies() {
  std::string names;
  for (const Study& study : studies()) names += fmt::format("{}{}", names.empty() ? "" : ", ", study.name);
  return names;
}

std::vector<const Study*> studies_named(const std::string& name) {
  if (const Study* study = find_study(name)) return {study};
  if (name != "all")
    throw UsageError(fmt::format("'{}' is no study; the studies are {}, and all", name, names_of_studies()));
  std::vector<const Study*> all;
  for (const Study& study : studies()) all.push_back(&study);
  return all;
}

LaboratoryText read_text(const AnalyzeOptions& options) {
  if (options.source.empty()) throw UsageError("--source is missing: the text to translate");
  if (options.reference.empty()) throw UsageError("--reference is missing: what the translations are compared with");
  LaboratoryText text{.sources = read_lines(options.source), .references = read_lines(options.reference)};
  if (text.sources.empty()) throw InputError::in_file(options.source, "no lines", "there is nothing to translate");
  check_same_length({options.source, text.sources}, {options.reference, text.references});
  const auto most = static_cast<std::size_t>(options.sentences);
  if (most > 0 && text.sources.size() > most) {
    text.sources.resize(most);
    text.references.resize(most);
  }
  return text;
}

/// The rows that all studies of a run share.
struct Subject {
  CorpusId corpus{};
  CheckpointId checkpoint{};
  std::optional<DecodeId> decode;
};

void write_scores(Ledger& ledger, DecodeId decode, const LaboratoryText& text, const StudyOptions& options) {
  const std::vector<References> references = single_references(text.references);
  const MetricOptions metrics{.bleu = options.length.bleu, .chrf = {}, .ter = {}};
  const auto row = [&](const char* name) {
    const Metric& metric = metric_named(name);
    const MetricScore score = metric.score(text.hypotheses, references, metrics);
    ScoringRow scoring{.decode = decode, .metric = name, .signature = score.signature, .value = score.score};
    if (references.size() > 1) {  // one sentence drawn again and again does not vary
      const Interval ends = middle_95(bootstrap_scores(metric.statistics(text.hypotheses, references, metrics),
                                                       options.resamples, static_cast<std::uint64_t>(options.seed)));
      scoring.low = ends.low;
      scoring.high = ends.high;
    }
    return scoring;
  };
  ledger.add(row("bleu"), bleu_statistics(text.hypotheses, references, metrics.bleu));
  ledger.add(row("chrf"));
}

/// Translates if a study asks for it, and writes what was studied.
Subject write_subject(const AnalyzeOptions& options, const ReadModel& read, std::shared_ptr<const LoadedModel> model,
                      bool translations, Ledger& ledger, RunId run, LaboratoryText& text) {
  Subject subject;
  if (!translations) {
    ledger.transaction([&] {
      subject.corpus =
          ledger.add_corpus(run, test_corpus(options.source, options.reference), "test", text.sources, text.references);
      subject.checkpoint = record_model(ledger, run, read);
    });
    return subject;
  }
  Translator translator(translation_model(std::move(model)), options.search, options.translate);
  const TimedTranslation translated = translate_timed(translator, text.sources, options.source);
  text.hypotheses = translated.texts;
  const DecodedCorpus decoded{.model = read,
                              .source_path = options.source,
                              .reference_path = options.reference,
                              .sources = text.sources,
                              .references = text.references,
                              .translation = translated};
  ledger.transaction([&] {
    const DecodeIds ids = write_decode(ledger, run, translator, decoded);
    write_scores(ledger, ids.decode, text, options.studies);
    subject = {ids.corpus, ids.checkpoint, ids.decode};
  });
  return subject;
}

/// Does one study and writes it in one transaction.
void do_study(const Study& study, Laboratory& laboratory, const AnalyzeOptions& options, const Subject& subject,
              RunId run, Ledger& ledger) {
  const auto begin = std::chrono::steady_clock::now();
  laboratory.begin(std::string(study.name), 0);
  StudyResult result = study.run(laboratory, options.studies);
  laboratory.end();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  ledger.transaction([&] {
    ledger.add(AnalysisRow{.run = run,
                           .kind = std::string(study.name),
                           .version = study.version,
                           .params_json = to_json(options.studies),
                           .checkpoint = subject.checkpoint,
                           .corpus = subject.corpus,
                           .decode = study.translations ? subject.decode : std::nullopt,
                           .seed = options.studies.seed,
                           .seconds = took.count(),
                           .verdict = std::move(result.verdict),
                           .meaning = std::move(result.meaning)},
               result.tables, result.findings);
    write_contexts(ledger, result.contexts, laboratory.network().options(),
                   {.run = run, .checkpoint = subject.checkpoint, .corpus = subject.corpus});
  });
}

/// What the run found, as it is in the ledger.
std::string results(const Ledger& ledger, RunId run, bool whole, ReportFormat format) {
  LedgerReader reader = LedgerReader::open(ledger.path());
  std::vector<Table> tables;
  std::string verdicts;
  for (const StudySummary& study : reader.studies(run)) {
    if (!whole && format == ReportFormat::kText) {
      const StudyView* view = find_study_view(study.kind);
      verdicts +=
          fmt::format("{}{}\n  {}\n", study.kind, view ? fmt::format(": {}", view->question) : "", study.verdict);
      if (!study.meaning.empty()) verdicts += fmt::format("  → {}\n", study.meaning);
      continue;
    }
    for (Table& table : study_tables(reader, study)) tables.push_back(std::move(table));
  }
  return tables.empty() ? verdicts : render(tables, format, output_width());
}

void analyze(const std::vector<const Study*>& chosen, const AnalyzeOptions& options, const std::string& model_path,
             LaboratoryText text, Ledger& ledger, RunId run) {
  const auto model = load_translation_model(model_path);
  bool translations = false;
  for (const Study* study : chosen) translations = translations || study->translations;
  const Subject subject =
      write_subject(options, {model_path, model->file.provenance}, model, translations, ledger, run, text);
  const InterruptScope interrupts;
  Laboratory laboratory(
      model, std::move(text),
      {.threads = options.translate.threads, .max_source_length = options.translate.max_source_length});
  std::size_t done = 0;
  for (const Study* study : chosen) {
    ++done;
    try {
      do_study(*study, laboratory, options, subject, run, ledger);
      if (chosen.size() > 1) log_info("{} ({} of {}) is done", study->name, done, chosen.size());
    } catch (const InputError& error) {
      if (chosen.size() == 1) throw;
      log_warning("{} ({} of {}) was left out: {}", study->name, done, chosen.size(), error.what());
    }
  }
  fmt::print("{}", results(ledger, run, chosen.size() == 1, options.format));
  log_info("the studies of run {} are in {}; isthmus report --ledger {} --html FILE shows them",
           static_cast<std::int64_t>(run), ledger.path(), ledger.path());
}

}  // namespace

int run_analyze(Arguments arguments) {
  AnalyzeOptions options;
  std::vector<std::string> names;
  std::string about =
      "Measures what a model's context vector carries, and keeps the results in a ledger. docs/bottleneck.md explains "
      "the studies, docs/ledger.md where their results are. STUDY is all, or one of these:";
  for (const Study& study : studies()) {
    const StudyView* view = find_study_view(study.name);
    about += fmt::format("\n  {:<15}{}", study.name, view ? view->question : "");
  }
  CommandLine line("analyze", "STUDY MODEL --source FILE --reference FILE", about,
                   {"isthmus analyze length model.isthmus --source test.de --reference test.en",
                    "isthmus analyze all model.isthmus --source test.de --reference test.en --sentences 1000",
                    "isthmus analyze length model.isthmus --source test.ja --reference test.en --length-unit "
                    "characters --bin-width 10"});
  line.add(options);
  line.positional("STUDY MODEL", names, 2, 2);
  if (!line.parse(arguments)) return 0;
  const std::vector<const Study*> chosen = studies_named(names[0]);
  if (options.ledger.empty()) throw UsageError("--ledger is empty; a study is kept in a ledger: name its file");
  if (options.translate.threads == 0) options.translate.threads = static_cast<std::int64_t>(available_processors());
  LaboratoryText text = read_text(options);
  Ledger ledger = Ledger::open(options.ledger);
  record_run(ledger,
             {.command = "analyze " + names[0],
              .config_json = to_json(options),
              .seed = options.studies.seed,
              .threads = options.translate.threads},
             [&](RunId run) { analyze(chosen, options, names[1], std::move(text), ledger, run); });
  return 0;
}

}  // namespace isthmus::cli
