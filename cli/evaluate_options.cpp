#include "cli/evaluate_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>

#include "core/error.h"

namespace isthmus::cli {
namespace {

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
    if (name == "model" || name == "source" || name == "ledger" || !line.given(name)) continue;
    throw UsageError(fmt::format("--{} goes with --model: the text of --hypothesis is translated already", name));
  }
}

}  // namespace

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
  describe(visit, options.breakdown);
  describe(visit, options.metric_options);
  describe(visit, options.model);
}

std::vector<const Metric*> chosen_metrics(const EvaluateOptions& options) {
  std::vector<const Metric*> chosen;
  for (const std::string& name : split_names(options.metrics)) {
    const Metric& metric = metric_named(name);
    if (std::find(chosen.begin(), chosen.end(), &metric) == chosen.end()) chosen.push_back(&metric);
  }
  if (chosen.empty()) throw UsageError("--metrics names none; leave it out for bleu");
  return chosen;
}

void check_usage(const EvaluateOptions& options, const CommandLine& line) {
  const bool model = !options.model.model.empty();
  if (options.hypothesis.empty() && !model) {
    throw UsageError("--hypothesis is missing: the file with the translations; or give --model and --source");
  }
  if (!options.hypothesis.empty() && model) throw UsageError("give --hypothesis or --model, not both");
  if (!model) refuse_options_of_models(line);
  if (model && options.model.source.empty()) throw UsageError("--source is missing: what --model is to translate");
  const std::vector<Breakdown> breakdowns = chosen_breakdowns(options.breakdown);
  const auto shows = [&breakdowns](Breakdown one) {
    return std::find(breakdowns.begin(), breakdowns.end(), one) != breakdowns.end();
  };
  if (!model && line.given("source") && !shows(Breakdown::kSentences) && !line.given("ledger")) {
    throw UsageError("--source goes with --model, --ledger or --breakdown sentences");
  }
  if (model && options.sentence_level) throw UsageError("--sentence-level scores --hypothesis, not --model");
  if (model) check(options.model.search);
  if (options.reference.empty()) throw UsageError("--reference is missing: the file that they are compared with");
  const auto inputs = std::count(options.hypothesis.begin(), options.hypothesis.end(), "-") +
                      std::count(options.reference.begin(), options.reference.end(), "-") +
                      (options.model.source == "-" ? 1 : 0) + (options.breakdown.frequency_text == "-" ? 1 : 0);
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
  goes_with("examples", shows(Breakdown::kNgrams) || shows(Breakdown::kSentences), "--breakdown ngrams or sentences");
  goes_with("frequency-text", shows(Breakdown::kFrequency), "--breakdown frequency");
  const TerOptions& ter = options.metric_options.ter;
  goes_with("ter-asian-support", ter.normalized || ter.no_punctuation, "--ter-normalized or --ter-no-punct");
  if (ter.case_sensitive && options.metric_options.bleu.lowercase) {
    throw UsageError("--lowercase ignores case, --ter-case-sensitive heeds it: give one of them");
  }
  if (options.sentence_level && (options.resampling.confidence || options.resampling.paired())) {
    throw UsageError("--confidence is for corpora, not for single sentences: leave --sentence-level out");
  }
  if (options.sentence_level && (!breakdowns.empty() || line.given("ledger"))) {
    throw UsageError("--sentence-level prints the sentences' scores alone, without --breakdown or --ledger");
  }
  chosen_metrics(options);  // refuses unknown names before anything is read
}

}  // namespace isthmus::cli
