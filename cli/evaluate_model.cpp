#include "cli/evaluate_model.h"

#include "cli/output_files.h"
#include "cli/recorded_run.h"
#include "cli/recorded_scores.h"
#include "core/error.h"
#include "core/log.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"
#include "decode/load_translation_model.h"
#include "evaluation/score_warnings.h"
#include "evaluation/system_chance.h"

namespace isthmus::cli {
namespace {

/// All that a score depends on, for the ledger.
struct RecordedOptions {
  EvaluateModelOptions model;
  MetricOptions metrics;
  ResamplingOptions resampling;
};

void describe(OptionVisitor& visit, RecordedOptions& options) {
  describe(visit, options.model);
  describe(visit, options.metrics);
  describe(visit, options.resampling);
}

}  // namespace

void describe(OptionVisitor& visit, EvaluateModelOptions& options) {
  visit.group("A model instead of --hypothesis");
  visit("model", options.model, "translate --source with this model and score that");
  visit("source", options.source,
        "what to translate, line by line with --reference; with --hypothesis what was translated, for --breakdown "
        "sentences and --ledger");
  visit("output", options.output, "also write the translations to this file");
  visit("ledger", options.ledger,
        "SQLite file that keeps translations and scores; none if empty, and of --hypothesis only if this is given");
  describe(visit, options.search);
  describe(visit, options.translate);
}

Evaluation evaluate_model(const EvaluateModelOptions& options, const std::vector<std::string>& reference_paths,
                          const std::vector<const Metric*>& metrics, const MetricOptions& metric_options,
                          const ResamplingOptions& resampling) {
  std::vector<std::string> inputs = reference_paths;
  inputs.insert(inputs.end(), {options.model, options.source});
  refuse_input_as_output(options.output, inputs);
  refuse_ledger_as_output(options.output, options.ledger);
  const std::vector<std::string> sources = read_lines(options.source);
  if (sources.empty()) throw InputError::in_file(options.source, "has no lines", "there is nothing to translate");
  std::vector<std::vector<std::string>> reference_files;
  for (const std::string& path : reference_paths) {
    reference_files.push_back(read_lines(path));
    check_same_length({options.source, sources}, {path, reference_files.back()});
  }
  const auto model = load_translation_model(options.model);
  Translator translator(translation_model(model), options.search, options.translate);

  Evaluation evaluation{
      .scores = {{options.model, {}}},
      .texts = {
          .systems = {{options.model, {}}}, .references = transpose_references(reference_files), .sources = sources}};
  SystemScores& scores = evaluation.scores.front();
  const std::vector<References>& references = evaluation.texts.references;
  const auto work = [&](Ledger* ledger, RunId run) {
    const TimedTranslation translated = translate_timed(translator, sources, options.source);
    evaluation.texts.systems.front().lines = translated.texts;
    if (!options.output.empty()) write_lines(options.output, translated.texts);
    for (const Metric* metric : metrics) {
      scores.scores.push_back(metric->score(translated.texts, references, metric_options));
      for (const std::string& warning : scores.scores.back().warnings) log_warning("{}: {}", options.model, warning);
    }
    add_chance(evaluation.texts.systems, references, metrics, metric_options, resampling, evaluation.scores);
    if (ledger == nullptr) return;
    ledger->transaction([&] {
      const DecodeIds ids = write_decode(*ledger, run, translator,
                                         {.model = {options.model, model->file.provenance},
                                          .source_path = options.source,
                                          .reference_path = reference_paths[0],
                                          .sources = sources,
                                          .references = reference_files[0],
                                          .translation = translated});
      write_scores(*ledger, {ids.decode, translated.texts, scores}, metrics, references, metric_options);
    });
  };
  if (options.ledger.empty()) {
    work(nullptr, RunId{});
  } else {
    Ledger ledger = Ledger::open(options.ledger);
    record_run(ledger,
               {.command = "evaluate",
                .config_json = to_json(RecordedOptions{options, metric_options, resampling}),
                .threads = options.translate.threads},
               [&](RunId run) { work(&ledger, run); });
  }
  return evaluation;
}

}  // namespace isthmus::cli
