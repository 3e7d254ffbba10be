#include "cli/training_studies.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "analysis/advice.h"
#include "cli/command_line.h"
#include "cli/model_sweep.h"
#include "cli/study_run.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/threads.h"
#include "report/studies/study_view.h"

namespace isthmus::cli {
namespace {

/// Studies of a single model that are done on each.
constexpr std::string_view kOfEachModel[] = {"length", "gradients"};

struct TrainingStudyCommand {
  StudiedFiles files;
  TrainFiles training_files;  // the model is named later
  TokenizerOptions tokenizer;
  ModelOptions model;
  TrainingOptions training;
  SearchOptions search;
  TranslateOptions translate;
  TrainingStudyOptions study;
  ReportFormat format = ReportFormat::kText;
};

void describe(OptionVisitor& visit, TrainingStudyCommand& options) {
  describe(visit, options.files);
  visit("train-source", options.training_files.source, "text to learn from, a sentence a line");
  visit("train-target", options.training_files.target, "its translation, line by line");
  visit("valid-source", options.training_files.valid_source,
        "held-out text, which chooses the best weights of each model");
  visit("valid-target", options.training_files.valid_target, "its translation");
  visit("ledger", options.training_files.ledger, "where all runs, translations and results are kept");
  visit("format", options.format, "how to print tables");
  visit.group("Studies");
  visit("resamples", options.study.resamples, "bootstrap resamples behind the 95 % intervals", between(1, 100000));
  describe(visit, options.study.length);
  describe(visit, options.search);
  describe(visit, options.translate);
  describe(visit, options.tokenizer);
  describe(visit, options.model);
  describe(visit, options.training);
}

/// The part of the options that all studies do not share.
void describe_own(OptionVisitor& visit, const TrainingStudy& study, TrainingStudyOptions& options) {
  if (study.name == "capacity") {
    describe(visit, options.capacity);
  } else {
    describe(visit, options.contrast);
  }
}

struct Force {
  bool force = false;
};
void describe(OptionVisitor& visit, Force& once) {
  visit.group("This time");
  visit("force", once.force, "train all models anew, also those that are there");
}

/// "3 minutes", "2000 updates".
std::string budget_in_words(const StopOptions& stop) {
  std::string words;
  const auto add = [&](const std::string& part) { words += (words.empty() ? "" : " or ") + part; };
  if (stop.max_minutes > 0) add(fmt::format("{:g} minute{}", stop.max_minutes, stop.max_minutes == 1 ? "" : "s"));
  if (stop.max_updates > 0) add(counted(stop.max_updates, "update"));
  if (stop.max_epochs > 0) add(counted(stop.max_epochs, "epoch"));
  return words;
}

void check(const TrainingStudy& study, const CommandLine& line, const TrainingStudyCommand& options) {
  for (const std::string_view option : study.varies) {
    if (!line.given(option)) continue;
    throw UsageError(
        fmt::format("--{}: that is what isthmus analyze {} varies itself; leave it out", option, study.name));
  }
  const TrainFiles& files = options.training_files;
  if (files.source.empty()) throw UsageError("--train-source is missing: the text to learn from");
  if (files.target.empty()) throw UsageError("--train-target is missing: its translation");
  if (files.valid_source.empty() != files.valid_target.empty()) {
    throw UsageError("--valid-source and --valid-target go together; give both");
  }
  if (files.ledger.empty()) throw UsageError("--ledger is empty; a study is kept in a ledger: name its file");
  if (needs_candidates(options.training.objective)) {
    throw UsageError(fmt::format("--objective {} goes on from a trained model, and a study begins with new ones",
                                 name_of(options.training.objective)));
  }
  if (budget_in_words(options.training.stop).empty()) {
    throw UsageError("the models need one budget: give --max-minutes, --max-updates or --max-epochs");
  }
}

/// Translates the text with a model, does the studies of single models on it, and gives what the comparison needs.
TrainedModel measure(const SweptModelFile& file, const StudyMeasure& measure, LaboratoryText text, Ledger& ledger,
                     RunId run) {
  const auto model = load_translation_model(file.path);
  const StudySubject subject =
      write_subject(measure, {file.path, model->file.provenance}, model, true, ledger, run, text);
  const InterruptScope interrupts;
  Laboratory laboratory(
      model, std::move(text),
      {.threads = measure.translate.threads, .max_source_length = measure.translate.max_source_length});
  TrainedModel trained{.plan = file.plan,
                       .train_run = static_cast<std::int64_t>(file.train_run),
                       .decode = *subject.decode,
                       .parameters = model->file.model->layout().parameters()};
  for (const std::string_view name : kOfEachModel) {
    const Study* study = find_study(name);
    try {
      const AnalysisId analysis = do_study(*study, laboratory, measure.studies, subject, run, ledger);
      LedgerReader reader = LedgerReader::open(ledger.path());
      trained.findings[std::string(name)] = reader.findings(analysis);
      if (name != "length") continue;
      for (const LengthQualityRow& row : reader.length_quality(analysis)) {
        if (row.metric == "bleu" && !row.cumulative) trained.lengths.push_back(row);
      }
    } catch (const InputError& error) {
      log_warning("{} of {} was left out: {}", name, file.path, error.what());
    }
  }
  LedgerReader reader = LedgerReader::open(ledger.path());
  for (const SentenceBleu& sentence : reader.sentence_bleu(trained.decode)) trained.bleu.push_back(sentence.statistics);
  for (const RunSummary& summary : reader.runs()) {
    if (summary.run != file.train_run) continue;
    trained.updates = summary.updates;
    trained.target_tokens_per_s = summary.target_tokens_per_s;
    trained.peak_memory_mb = summary.peak_memory_mb;
  }
  const std::vector<LogPoint> log = reader.training_log(file.train_run);
  if (!log.empty()) trained.minutes = log.back().minutes;
  return trained;
}

void do_training_study(const TrainingStudy& study, const std::string& folder, bool force,
                       const TrainingStudyCommand& options, const LaboratoryText& text, Ledger& ledger, RunId run) {
  const auto begin = std::chrono::steady_clock::now();
  TrainOptions train{.files = options.training_files,
                     .once = {},
                     .tokenizer = options.tokenizer,
                     .model = options.model,
                     .training = options.training};
  train.files.threads = options.translate.threads;
  const std::vector<SweptModelFile> files =
      ModelSweep(folder, std::move(train), force, ledger, run).train(study, options.study);

  StudyMeasure how{options.files, options.search, options.translate, {}};
  how.studies.seed = options.study.seed;
  how.studies.resamples = options.study.resamples;
  how.studies.length = options.study.length;
  TrainedModels trained;
  for (const std::string& source : text.sources) trained.words.push_back(source_length(source, LengthUnit::kWords));
  for (const SweptModelFile& file : files) {
    log_info("measuring {} ({} of {})", file.plan.name, trained.models.size() + 1, files.size());
    trained.models.push_back(measure(file, how, text, ledger, run));
  }

  StudyResult result = study.compare(trained, options.study);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CorpusId corpus{};
  ledger.transaction([&] {
    corpus = ledger.add_corpus(run, test_corpus(options.files.source, options.files.reference), "test", text.sources,
                               text.references);
    ledger.add(AnalysisRow{.run = run,
                           .kind = std::string(study.name),
                           .version = study.version,
                           .params_json = to_json(options.study),
                           .corpus = corpus,
                           .seed = options.study.seed,
                           .seconds = took.count(),
                           .verdict = std::move(result.verdict),
                           .meaning = std::move(result.meaning)},
               result.tables, result.findings);
  });
  LedgerReader reader = LedgerReader::open(ledger.path());
  for (const StudySummary& one : reader.studies(run)) {
    if (one.kind == study.name) {
      fmt::print("{}", render(study_tables(reader, one), options.format, output_width()));
    }
  }
  log_info("study {} of run {} is in {}; isthmus report --ledger {} --html FILE shows it", study.name,
           static_cast<std::int64_t>(run), ledger.path(), ledger.path());
}

std::vector<Table> advice_tables(const Evidence& evidence, const Advice& advice) {
  Table models{.key = "lengths",
               .title = fmt::format("What each size of the sweep (study {}, {}) can be trusted with", evidence.sweep,
                                    evidence.corpus),
               .columns = {{.key = "cell", .title = "cell"},
                           {.key = "hidden", .title = "hidden"},
                           {.key = "best_bleu", .title = "best BLEU"},
                           {.key = "threshold", .title = "threshold"},
                           {.key = "length", .title = "under it from", .decimals = 0},
                           {.key = "low", .title = "low", .decimals = 0},
                           {.key = "high", .title = "high", .decimals = 0},
                           {.key = "longest", .title = "longest bin", .decimals = 0},
                           {.key = "decode", .title = "decode", .is_name = true},
                           {.key = "text", .audience = Audience::kMachines}},
               .notes = {"An empty length: not within the text."}};
  const auto cell = [](double value) { return std::isfinite(value) ? Cell(value) : Cell(); };
  for (const ModelAdvice& one : advice.models) {
    models.rows.push_back({one.cell, one.hidden, cell(one.limit.best), cell(one.limit.threshold),
                           cell(one.limit.length.value), cell(one.limit.length.low), cell(one.limit.length.high),
                           one.limit.longest, one.decode, one.text});
  }
  Table suggestions{.key = "suggestions",
                    .title = "Suggestions",
                    .columns = {{.key = "what", .title = "what"},
                                {.key = "text", .title = "measured"},
                                {.key = "rests_on", .title = "rests on"}}};
  for (const Suggestion& one : advice.suggestions) suggestions.rows.push_back({one.what, one.text, one.rests_on});
  return {std::move(models), std::move(suggestions)};
}

/// Advice as people read it.
std::string in_words(const Evidence& evidence, const Advice& advice) {
  std::string words = fmt::format("From the sweep of study {} on {}:\n", evidence.sweep, evidence.corpus);
  for (const ModelAdvice& one : advice.models) words += fmt::format("  {} (decode {})\n", one.text, one.decode);
  for (const Suggestion& one : advice.suggestions) {
    words +=
        fmt::format("→ {}: {}{}\n", one.what, one.text, one.rests_on.empty() ? "" : fmt::format(" ({})", one.rests_on));
  }
  return words;
}

struct AdviseCommand {
  std::string ledger = "ledger.sqlite";
  ReportFormat format = ReportFormat::kText;
  AdviceOptions advice;
};

void describe(OptionVisitor& visit, AdviseCommand& options) {
  visit.group("Files");
  visit("ledger", options.ledger, "where the studies are");
  visit("format", options.format, "how to print it");
  describe(visit, options.advice);
}

}  // namespace

int run_training_study(const TrainingStudy& study, Arguments arguments) {
  TrainingStudyCommand options;
  Force once;
  std::vector<std::string> folders;
  const std::string name = fmt::format("analyze {}", study.name);
  CommandLine line(
      name, "FOLDER --train-source F --train-target F --valid-source F --valid-target F --source F --reference F",
      fmt::format("Trains and compares: {}. The models are kept in FOLDER and trained one after another, "
                  "under one budget, with one tokenizer and one seed; one that is there already, trained "
                  "with the same options, is not trained again, and one that was interrupted goes on. "
                  "docs/bottleneck.md explains the study, docs/ledger.md where its results are.",
                  study.summary),
      {fmt::format("isthmus {} sweep --train-source train.en --train-target train.de --valid-source dev.en \\", name),
       "    --valid-target dev.de --source test.en --reference test.de --max-minutes 3"});
  line.add(options);
  line.add([&](OptionVisitor& visit) { describe_own(visit, study, options.study); });
  line.add_once(once);
  line.positional("FOLDER", folders, 1, 1);
  if (!line.parse(arguments)) return 0;
  check(study, line, options);
  options.study.seed = options.training.seed;
  options.study.budget = budget_in_words(options.training.stop);
  if (options.translate.threads == 0) options.translate.threads = static_cast<std::int64_t>(available_processors());
  const LaboratoryText text = read_text(options.files);
  Ledger ledger = Ledger::open(options.training_files.ledger);
  const std::string config = to_json(options);
  record_run(
      ledger,
      {.command = name, .config_json = config, .seed = options.training.seed, .threads = options.translate.threads},
      [&](RunId run) { do_training_study(study, folders[0], once.force, options, text, ledger, run); });
  return 0;
}

int run_advise(Arguments arguments) {
  AdviseCommand options;
  CommandLine line("analyze advise", "[--bleu X] [--size N]",
                   "Says up to which length of a source each size of context can be trusted, from the last sweep of "
                   "isthmus analyze capacity in a ledger, and what would help beyond, from what the studies cures and "
                   "cells have measured on the same text. Trains and translates nothing.",
                   {"isthmus analyze advise --ledger ledger.sqlite --size 256 --bleu 15"});
  line.add(options);
  if (!line.parse(arguments)) return 0;
  LedgerReader ledger = LedgerReader::open(options.ledger);
  const Evidence evidence = read_evidence(ledger, options.ledger);
  const Advice advice = advise(evidence, options.advice);
  fmt::print("{}", options.format == ReportFormat::kText
                       ? in_words(evidence, advice)
                       : render(advice_tables(evidence, advice), options.format, output_width()));
  return 0;
}

}  // namespace isthmus::cli
