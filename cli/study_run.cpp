#include "cli/study_run.h"

#include <chrono>

#include "cli/context_recorder.h"
#include "cli/timed_translation.h"
#include "core/error.h"
#include "corpora/line_reader.h"
#include "decode/translator.h"
#include "evaluation/metrics.h"
#include "evaluation/score_warnings.h"

namespace isthmus::cli {
namespace {

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

}  // namespace

void describe(OptionVisitor& visit, StudiedFiles& files) {
  visit.group("Files");
  visit("source", files.source, "text to translate, a sentence a line");
  visit("reference", files.reference, "its translations, line by line");
  visit("sentences", files.sentences, "the first lines of the text are enough: so many; 0 takes all", at_least(0));
}

LaboratoryText read_text(const StudiedFiles& files) {
  if (files.source.empty()) throw UsageError("--source is missing: the text to translate");
  if (files.reference.empty()) throw UsageError("--reference is missing: what the translations are compared with");
  LaboratoryText text{.sources = read_lines(files.source), .references = read_lines(files.reference)};
  if (text.sources.empty()) throw InputError::in_file(files.source, "no lines", "there is nothing to translate");
  check_same_length({files.source, text.sources}, {files.reference, text.references});
  const auto most = static_cast<std::size_t>(files.sentences);
  if (most > 0 && text.sources.size() > most) {
    text.sources.resize(most);
    text.references.resize(most);
  }
  return text;
}

StudySubject write_subject(const StudyMeasure& measure, const ReadModel& read, std::shared_ptr<const LoadedModel> model,
                           bool translations, Ledger& ledger, RunId run, LaboratoryText& text) {
  StudySubject subject;
  if (!translations) {
    ledger.transaction([&] {
      subject.corpus = ledger.add_corpus(run, test_corpus(measure.files.source, measure.files.reference), "test",
                                         text.sources, text.references);
      subject.checkpoint = record_model(ledger, run, read);
    });
    return subject;
  }
  Translator translator(translation_model(std::move(model)), measure.search, measure.translate);
  const TimedTranslation translated = translate_timed(translator, text.sources, measure.files.source);
  text.hypotheses = translated.texts;
  const DecodedCorpus decoded{.model = read,
                              .source_path = measure.files.source,
                              .reference_path = measure.files.reference,
                              .sources = text.sources,
                              .references = text.references,
                              .translation = translated};
  ledger.transaction([&] {
    const DecodeIds ids = write_decode(ledger, run, translator, decoded);
    write_scores(ledger, ids.decode, text, measure.studies);
    subject = {ids.corpus, ids.checkpoint, ids.decode};
  });
  return subject;
}

AnalysisId do_study(const Study& study, Laboratory& laboratory, const StudyOptions& options,
                    const StudySubject& subject, RunId run, Ledger& ledger) {
  const auto begin = std::chrono::steady_clock::now();
  struct Bar {  // gone before anything is said of how it went
    Laboratory& laboratory;
    ~Bar() { laboratory.end(); }
  };
  const auto run_study = [&] {
    const Bar bar{laboratory};
    laboratory.begin(std::string(study.name), 0);
    return study.run(laboratory, options);
  };
  StudyResult result = run_study();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  AnalysisId analysis{};
  ledger.transaction([&] {
    analysis = ledger.add(AnalysisRow{.run = run,
                                      .kind = std::string(study.name),
                                      .version = study.version,
                                      .params_json = to_json(options),
                                      .checkpoint = subject.checkpoint,
                                      .corpus = subject.corpus,
                                      .decode = study.translations ? subject.decode : std::nullopt,
                                      .seed = options.seed,
                                      .seconds = took.count(),
                                      .verdict = std::move(result.verdict),
                                      .meaning = std::move(result.meaning)},
                          result.tables, result.findings);
    write_contexts(ledger, result.contexts, laboratory.network().options(),
                   {.run = run, .checkpoint = subject.checkpoint, .corpus = subject.corpus});
  });
  return analysis;
}

}  // namespace isthmus::cli
