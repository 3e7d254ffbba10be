#include "cli/evaluate_model.h"

#include "cli/output_files.h"
#include "cli/recorded_run.h"
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

void write_scores(Ledger& ledger, DecodeId decode, const std::vector<const Metric*>& metrics,
                  const SystemScores& scores, const std::vector<std::string>& texts,
                  const std::vector<References>& references, const MetricOptions& options) {
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const MetricScore& score = scores.scores[i];
    ScoringRow row{
        .decode = decode, .metric = std::string(metrics[i]->name), .signature = score.signature, .value = score.score};
    if (score.confidence) {
      row.low = score.confidence->interval.low;
      row.high = score.confidence->interval.high;
    }
    if (metrics[i]->name == "bleu") {
      ledger.add(row, bleu_statistics(texts, references, options.bleu));
    } else {
      ledger.add(row);
    }
  }
}

}  // namespace

void describe(OptionVisitor& visit, EvaluateModelOptions& options) {
  visit.group("A model instead of --hypothesis");
  visit("model", options.model, "translate --source with this model and score that");
  visit("source", options.source, "what to translate, line by line with --reference");
  visit("output", options.output, "also write the translations to this file");
  visit("ledger", options.ledger, "SQLite file that keeps the translations and scores of --model; none if empty");
  describe(visit, options.search);
  describe(visit, options.translate);
}

SystemScores evaluate_model(const EvaluateModelOptions& options, const std::vector<std::string>& reference_paths,
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
  const std::vector<References> references = transpose_references(reference_files);
  const auto model = load_translation_model(options.model);
  Translator translator(translation_model(model), options.search, options.translate);

  std::vector<SystemScores> all = {{options.model, {}}};
  SystemScores& scores = all.front();
  const auto work = [&](Ledger* ledger, RunId run) {
    const TimedTranslation translated = translate_timed(translator, sources, options.source);
    if (!options.output.empty()) write_lines(options.output, translated.texts);
    for (const Metric* metric : metrics) {
      scores.scores.push_back(metric->score(translated.texts, references, metric_options));
      for (const std::string& warning : scores.scores.back().warnings) log_warning("{}: {}", options.model, warning);
    }
    add_chance(std::vector{NamedLines{options.model, translated.texts}}, references, metrics, metric_options,
               resampling, all);
    if (ledger == nullptr) return;
    ledger->transaction([&] {
      const DecodeIds ids = write_decode(*ledger, run, translator,
                                         {.model = {options.model, model->file.provenance},
                                          .source_path = options.source,
                                          .reference_path = reference_paths[0],
                                          .sources = sources,
                                          .references = reference_files[0],
                                          .translation = translated});
      write_scores(*ledger, ids.decode, metrics, scores, translated.texts, references, metric_options);
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
  return std::move(all.front());
}

}  // namespace isthmus::cli
