#include "cli/analyze_command.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "analysis/study.h"
#include "cli/command_line.h"
#include "cli/recorded_run.h"
#include "cli/study_run.h"
#include "cli/training_studies.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/threads.h"
#include "decode/load_translation_model.h"
#include "report/fit.h"
#include "report/studies/study_view.h"

namespace isthmus::cli {
namespace {

struct AnalyzeOptions {
  StudiedFiles files;
  std::string ledger = "ledger.sqlite";
  ReportFormat format = ReportFormat::kText;
  SearchOptions search;
  TranslateOptions translate;
  StudyOptions studies;
};

void describe(OptionVisitor& visit, AnalyzeOptions& options) {
  describe(visit, options.files);
  visit("ledger", options.ledger, "where the translations and the results are kept");
  visit("format", options.format, "how to print tables");
  describe(visit, options.studies);
  describe(visit, options.search);
  describe(visit, options.translate);
}

constexpr std::string_view kAdvise = "advise";

std::string names_of_studies() {
  std::string names;
  for (const Study& study : studies()) names += fmt::format("{}{}", names.empty() ? "" : ", ", study.name);
  for (const TrainingStudy& study : training_studies()) names += fmt::format(", {}", study.name);
  return names + fmt::format(", {}", kAdvise);
}

/// What --help says of the commands that are not about one model.
std::string about_training() {
  std::string about =
      "\nThese train models of their own, for minutes or hours, and are not part of all; "
      "isthmus analyze NAME --help says how:";
  for (const TrainingStudy& study : training_studies()) about += fmt::format("\n  {:<15}{}", study.name, study.summary);
  return about + fmt::format("\n  {:<15}{}", kAdvise, "what these studies let expect of a size, and what would help");
}

std::vector<const Study*> studies_named(const std::string& name) {
  if (const Study* study = find_study(name)) return {study};
  if (name == kAdvise || find_training_study(name) != nullptr) {
    throw UsageError(fmt::format("'{0}' is written first: isthmus analyze {0} …", name));
  }
  if (name != "all") {
    throw UsageError(fmt::format("'{}' is no study; the studies are {}, and all", name, names_of_studies()));
  }
  std::vector<const Study*> all;
  for (const Study& study : studies()) all.push_back(&study);
  return all;
}

/// A study in a few lines of the terminal: question, verdict and what follows from it.
std::string in_short(const StudySummary& study) {
  const StudyView* view = find_study_view(study.kind);
  const std::size_t width = output_width();
  std::string text;
  const auto add = [&](const std::string& line) { text += (width == 0 ? line : wrap(line, width)) + "\n"; };
  add(study.kind + (view ? fmt::format(": {}", view->question) : ""));
  add("  " + study.verdict);
  if (!study.meaning.empty()) add("→ " + study.meaning);
  return text;
}

/// What the run found, as it is in the ledger.
std::string results(const Ledger& ledger, RunId run, bool whole, ReportFormat format) {
  LedgerReader reader = LedgerReader::open(ledger.path());
  std::vector<Table> tables;
  std::string verdicts;
  for (const StudySummary& study : reader.studies(run)) {
    if (!whole && format == ReportFormat::kText) {
      verdicts += (verdicts.empty() ? "" : "\n") + in_short(study);
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
  const StudyMeasure measure{options.files, options.search, options.translate, options.studies};
  const StudySubject subject =
      write_subject(measure, {model_path, model->file.provenance}, model, translations, ledger, run, text);
  const InterruptScope interrupts;
  Laboratory laboratory(
      model, std::move(text),
      {.threads = options.translate.threads, .max_source_length = options.translate.max_source_length});
  const auto show = [&] {
    fmt::print("{}", results(ledger, run, chosen.size() == 1, options.format));
    log_info(
        "the studies of run {0} are in {1}; isthmus report studies --ledger {1} --run {0} shows their tables, isthmus "
        "report --ledger {1} --html FILE a page",
        static_cast<std::int64_t>(run), ledger.path());
  };
  std::size_t done = 0;
  try {
    for (const Study* study : chosen) {
      if (interrupted()) throw Interrupted();
      ++done;
      try {
        do_study(*study, laboratory, options.studies, subject, run, ledger);
        if (chosen.size() > 1) log_info("{} ({} of {}) is done", study->name, done, chosen.size());
      } catch (const NotApplicable& reason) {
        if (chosen.size() == 1) throw;
        log_info("{} ({} of {}) was left out: {}", study->name, done, chosen.size(), reason.what());
      } catch (const InputError& error) {
        if (chosen.size() == 1) throw;
        log_warning("{} ({} of {}) was left out: {}", study->name, done, chosen.size(), error.what());
      }
    }
  } catch (const Interrupted&) {
    if (done > 1) show();  // of those that were done
    throw;
  }
  show();
}

}  // namespace

int run_analyze(Arguments arguments) {
  if (!arguments.empty()) {
    if (const TrainingStudy* study = find_training_study(arguments[0])) {
      return run_training_study(*study, arguments.subspan(1));
    }
    if (arguments[0] == kAdvise) return run_advise(arguments.subspan(1));
  }
  AnalyzeOptions options;
  std::vector<std::string> names;
  std::string about =
      "Measures what a model's context vector carries, and keeps the results in a ledger. docs/bottleneck.md explains "
      "the studies, docs/ledger.md where their results are. STUDY is all, or one of these:";
  for (const Study& study : studies()) {
    const StudyView* view = find_study_view(study.name);
    about += fmt::format("\n  {:<15}{}", study.name, view ? view->question : "");
  }
  about += about_training();
  CommandLine line("analyze", "STUDY MODEL --source FILE --reference FILE", about,
                   {"isthmus analyze length model.isthmus --source test.de --reference test.en",
                    "isthmus analyze all model.isthmus --source test.de --reference test.en --sentences 1000",
                    "isthmus analyze length model.isthmus --source test.ja --reference test.en --length-unit "
                    "characters --bin-width 10"});
  line.add(options);
  line.positional("STUDY MODEL", names, 2, 2);
  if (!line.parse(arguments)) return 0;
  const std::vector<const Study*> chosen = studies_named(names[0]);
  check(options.studies);
  if (options.ledger.empty()) throw UsageError("--ledger is empty; a study is kept in a ledger: name its file");
  if (options.translate.threads == 0) options.translate.threads = static_cast<std::int64_t>(available_processors());
  LaboratoryText text = read_text(options.files);
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
