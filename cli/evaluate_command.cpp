#include "cli/evaluate_command.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "cli/command_line.h"
#include "cli/evaluate_files.h"
#include "cli/evaluate_options.h"
#include "core/log.h"
#include "core/threads.h"

namespace isthmus::cli {
namespace {

/// Scores a model or files. `ledger`: of files; see evaluate_files.
Evaluation evaluate(EvaluateOptions& options, const std::string& ledger) {
  if (!options.model.model.empty()) {
    TranslateOptions& translate = options.model.translate;
    if (translate.threads == 0) translate.threads = static_cast<std::int64_t>(available_processors());
    return evaluate_model(options.model, options.reference, chosen_metrics(options), options.metric_options,
                          options.resampling);
  }
  EvaluatedTexts texts = read_evaluated_texts(options);
  std::vector<SystemScores> scores = evaluate_files(texts, options, ledger);
  return {std::move(scores), std::move(texts)};
}

void print(const Evaluation& evaluation, const EvaluateOptions& options) {
  const int decimals = static_cast<int>(options.decimals);
  if (options.breakdown.breakdown.empty()) {
    fmt::print("{}", format_scores(evaluation.scores, options.format, decimals));
    return;
  }
  const Breakdowns breakdowns = break_down(evaluation.texts, options.breakdown, options.metric_options.bleu);
  if (options.format == ScoreFormat::kJson) {
    fmt::print("{}", json_text({{"scores", scores_json(evaluation.scores)},
                                {"breakdown", breakdowns_json(breakdowns, evaluation.texts)}}));
    return;
  }
  fmt::print("{}\n{}", format_scores(evaluation.scores, options.format, decimals),
             format_breakdowns(breakdowns, evaluation.texts, options.format, decimals, output_width()));
}

}  // namespace

int run_evaluate(Arguments arguments) {
  EvaluateOptions options;
  CommandLine line(
      "evaluate", "(--hypothesis FILE... | --model MODEL --source FILE) --reference FILE...",
      "Scores translations against references. BLEU, chrF and TER equal sacreBLEU's; the text must be raw, "
      "not tokenised. --breakdown shows where a system is good and bad, or where two differ.",
      {"isthmus evaluate --hypothesis out.de --reference test.de",
       "isthmus evaluate --model en-de.isthmus --source test.en --reference test.de --beam 5",
       "isthmus evaluate --hypothesis a.ja b.ja --reference test.ja --tokenize char --format markdown",
       "isthmus evaluate --hypothesis out.de --reference test.de --metrics bleu,chrf,chrf++ --format json",
       "isthmus evaluate --hypothesis mle.de risk.de --reference test.de --paired-bs --paired-ar --ledger l.sqlite",
       "isthmus evaluate --hypothesis mle.de risk.de --reference test.de --breakdown length,sentences --examples 10",
       "isthmus evaluate --hypothesis out.de --reference test.de --breakdown frequency --frequency-text train.de"});
  line.add(options);
  if (!line.parse(arguments)) return 0;
  check_usage(options, line);
  if (options.sentence_level) {
    print_sentence_scores(read_evaluated_texts(options), options);
    return 0;
  }
  print(evaluate(options, line.given("ledger") ? options.model.ledger : ""), options);
  return 0;
}

}  // namespace isthmus::cli
