#include "cli/evaluate_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/evaluate_model.h"
#include "core/error.h"
#include "core/log.h"
#include "core/threads.h"
#include "corpora/line_reader.h"
#include "evaluation/metrics.h"
#include "evaluation/score_report.h"
#include "evaluation/score_warnings.h"
#include "evaluation/system_chance.h"
#include "evaluation/text.h"

namespace isthmus::cli {
namespace {

struct EvaluateOptions {
  std::vector<std::string> hypothesis;
  std::vector<std::string> reference;
  std::vector<std::string> metrics = {"bleu"};
  bool sentence_level = false;
  ScoreFormat format = ScoreFormat::kText;
  std::int64_t decimals = 2;
  ResamplingOptions resampling;
  MetricOptions metric_options;
  EvaluateModelOptions model;
};

void describe(OptionVisitor& visit, EvaluateOptions& options) {
  visit.group("Files");
  visit("hypothesis", options.hypothesis, "translations, one a line; one file for each system; - is standard input");
  visit("reference", options.reference, "what they are compared with, line by line; several files: several references");
  visit.group("Scores");
  std::string help = "names with spaces or commas between them, in any case:";
  for (const Metric& metric : metrics()) {
    help += fmt::format("{} {} ({})", &metric == metrics().data() ? "" : ",", metric.name, metric.about);
  }
  visit("metrics", options.metrics, help);
  visit("sentence-level", options.sentence_level,
        "a line for each sentence, its scores with tabs between them; switches effective-order on");
  visit("format", options.format, "how to print scores");
  visit("decimals", options.decimals, "decimals of scores, but for JSON, which has all", between(0, 15));
  describe(visit, options.resampling);
  describe(visit, options.metric_options);
  describe(visit, options.model);
}

/// The lines without white space at their ends, as sacreBLEU's command line reads them. An empty line is a sentence.
NamedLines read_text(const std::string& path) {
  NamedLines text{path, read_lines(path)};
  for (std::string& line : text.lines) line.resize(strip_right(line).size());
  return text;
}

std::vector<NamedLines> read_texts(const std::vector<std::string>& paths) {
  std::vector<NamedLines> texts;
  for (const std::string& path : paths) texts.push_back(read_text(path));
  return texts;
}

/// Each metric once, in the order in which they were first named.
std::vector<const Metric*> chosen_metrics(const std::vector<std::string>& names) {
  std::vector<const Metric*> chosen;
  for (const std::string& list : names) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const Metric& metric = metric_named(std::string_view(list).substr(begin, end - begin));
      if (std::find(chosen.begin(), chosen.end(), &metric) == chosen.end()) chosen.push_back(&metric);
      begin = end + 1;
    }
  }
  return chosen;
}

/// The systems' translations. All that scores them does not care where they come from.
std::vector<NamedLines> hypotheses_of(const EvaluateOptions& options) { return read_texts(options.hypothesis); }

std::vector<References> references_for(const std::vector<NamedLines>& systems, const EvaluateOptions& options) {
  std::vector<std::vector<std::string>> files;
  for (NamedLines& reference : read_texts(options.reference)) {
    for (const NamedLines& system : systems) check_same_length(system, reference);
    files.push_back(std::move(reference.lines));
  }
  if (files[0].empty()) throw InputError::in_file(options.reference[0], "no lines", "there is nothing to score");
  return transpose_references(files);
}

SystemScores score_system(const NamedLines& system, const std::vector<References>& references,
                          const EvaluateOptions& options) {
  SystemScores result{system.name, {}};
  for (const Metric* metric : chosen_metrics(options.metrics)) {
    result.scores.push_back(metric->score(system.lines, references, options.metric_options));
    for (const std::string& warning : result.scores.back().warnings) log_warning("{}: {}", system.name, warning);
  }
  return result;
}

void print_sentence_scores(const NamedLines& system, const std::vector<References>& references,
                           EvaluateOptions options) {
  options.metric_options.bleu = sentence_options(options.metric_options.bleu);
  const std::vector<const Metric*> chosen = chosen_metrics(options.metrics);
  for (std::size_t i = 0; i < system.lines.size(); ++i) {
    std::string line;
    for (const Metric* metric : chosen) {
      const MetricScore score = metric->score(std::span(system.lines).subspan(i, 1),
                                              std::span(references).subspan(i, 1), options.metric_options);
      if (i == 0) log_info("{}|{}", score.name, score.signature);
      line += fmt::format("{}{:.{}f}", line.empty() ? "" : "\t", score.score, options.decimals);
    }
    fmt::print("{}\n", line);
  }
}

/// Gathers the names of options.
class OptionNames : public OptionVisitor {
 public:
  std::vector<std::string> names;

  void operator()(std::string_view name, bool&, std::string_view) override { add(name); }
  void operator()(std::string_view name, std::int64_t&, std::string_view, Range) override { add(name); }
  void operator()(std::string_view name, double&, std::string_view, Range) override { add(name); }
  void operator()(std::string_view name, std::string&, std::string_view) override { add(name); }
  void operator()(std::string_view name, std::vector<std::string>&, std::string_view) override { add(name); }

 protected:
  void choice(std::string_view name, std::string_view, std::span<const std::string_view>, std::size_t,
              std::function<void(std::size_t)>) override {
    add(name);
  }

 private:
  void add(std::string_view name) { names.emplace_back(name); }
};

/// What translates has no say in the scores of text that is translated already.
void refuse_options_of_models(const CommandLine& line) {
  OptionNames of_models;
  EvaluateModelOptions defaults;
  describe(of_models, defaults);
  for (const std::string& name : of_models.names) {
    if (name == "model" || !line.given(name)) continue;
    throw UsageError(fmt::format("--{} goes with --model: the text of --hypothesis is translated already", name));
  }
}

void check_usage(const EvaluateOptions& options, const CommandLine& line) {
  const bool model = !options.model.model.empty();
  if (options.hypothesis.empty() && !model) {
    throw UsageError("--hypothesis is missing: the file with the translations; or give --model and --source");
  }
  if (!options.hypothesis.empty() && model) throw UsageError("give --hypothesis or --model, not both");
  if (!model) refuse_options_of_models(line);
  if (model && options.model.source.empty()) throw UsageError("--source is missing: what --model is to translate");
  if (model && options.sentence_level) throw UsageError("--sentence-level scores --hypothesis, not --model");
  if (model) check(options.model.search);
  if (options.reference.empty()) throw UsageError("--reference is missing: the file that they are compared with");
  const auto inputs = std::count(options.hypothesis.begin(), options.hypothesis.end(), "-") +
                      std::count(options.reference.begin(), options.reference.end(), "-") +
                      (options.model.source == "-" ? 1 : 0);
  if (inputs > 1) throw UsageError("standard input can be read once: only one file may be -");
  if (options.sentence_level && (options.hypothesis.size() > 1 || options.format != ScoreFormat::kText)) {
    throw UsageError("--sentence-level prints text, of one --hypothesis");
  }
  if (options.resampling.paired() && options.hypothesis.size() < 2) {
    throw UsageError("--paired-bs and --paired-ar compare several --hypothesis files with the first");
  }
  const ResamplingOptions& resampling = options.resampling;
  const auto goes_with = [&line](const char* name, bool used, const char* others) {
    if (line.given(name) && !used) throw UsageError(fmt::format("--{} goes with {}", name, others));
  };
  goes_with("resamples", resampling.intervals(), "--confidence or --paired-bs");
  goes_with("trials", resampling.paired_ar, "--paired-ar");
  goes_with("seed", resampling.intervals() || resampling.paired(), "--confidence, --paired-bs or --paired-ar");
  const TerOptions& ter = options.metric_options.ter;
  goes_with("ter-asian-support", ter.normalized || ter.no_punctuation, "--ter-normalized or --ter-no-punct");
  if (ter.case_sensitive && options.metric_options.bleu.lowercase) {
    throw UsageError("--lowercase ignores case, --ter-case-sensitive heeds it: give one of them");
  }
  if (options.sentence_level && (options.resampling.confidence || options.resampling.paired())) {
    throw UsageError("--confidence is for corpora, not for single sentences: leave --sentence-level out");
  }
  chosen_metrics(options.metrics);  // refuses unknown names before anything is read
}

}  // namespace

int run_evaluate(Arguments arguments) {
  EvaluateOptions options;
  CommandLine line(
      "evaluate", "(--hypothesis FILE... | --model MODEL --source FILE) --reference FILE...",
      "Scores translations against references. BLEU, chrF and TER equal sacreBLEU's; the text must be raw, "
      "not tokenised.",
      {"isthmus evaluate --hypothesis out.de --reference test.de",
       "isthmus evaluate --model en-de.isthmus --source test.en --reference test.de --beam 5",
       "isthmus evaluate --hypothesis a.ja b.ja --reference test.ja --tokenize char --format markdown",
       "isthmus evaluate --hypothesis out.de --reference test.de --metrics bleu,chrf,chrf++ --format json",
       "isthmus evaluate --hypothesis mle.de risk.de --reference test.de --paired-bs --paired-ar"});
  line.add(options);
  if (!line.parse(arguments)) return 0;
  check_usage(options, line);

  const int decimals = static_cast<int>(options.decimals);
  if (!options.model.model.empty()) {
    TranslateOptions& translate = options.model.translate;
    if (translate.threads == 0) translate.threads = static_cast<std::int64_t>(available_processors());
    const std::vector<SystemScores> scores = {evaluate_model(
        options.model, options.reference, chosen_metrics(options.metrics), options.metric_options, options.resampling)};
    fmt::print("{}", format_scores(scores, options.format, decimals));
    return 0;
  }
  const std::vector<NamedLines> systems = hypotheses_of(options);
  const std::vector<References> references = references_for(systems, options);
  if (options.sentence_level) {
    print_sentence_scores(systems[0], references, options);
    return 0;
  }
  std::vector<SystemScores> scores;
  for (const NamedLines& system : systems) scores.push_back(score_system(system, references, options));
  add_chance(systems, references, chosen_metrics(options.metrics), options.metric_options, options.resampling, scores);
  fmt::print("{}", format_scores(scores, options.format, decimals));
  return 0;
}

}  // namespace isthmus::cli
