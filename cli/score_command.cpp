#include "cli/score_command.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/command_line.h"
#include "cli/output_files.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/line_writer.h"
#include "corpora/parallel_text.h"
#include "decode/forced_decoding.h"

namespace isthmus::cli {
namespace {

struct ScoreOptions {
  std::string source;
  std::string target;
  std::string output = "-";
  std::int64_t batch = 64;
  std::int64_t threads = 0;
};

void describe(OptionVisitor& visit, ScoreOptions& options) {
  visit("source", options.source, "text, a sentence a line; or source TAB target, without --target");
  visit("target", options.target, "the translations to score, line by line");
  visit("output", options.output, "where the scores go; - is standard output");
  visit("batch", options.batch, "pairs scored together", between(1, 65536));
  visit("threads", options.threads, "threads; 0 is one for each processor", between(0, 1024));
}

}  // namespace

int run_score(Arguments arguments) {
  ScoreOptions options;
  std::vector<std::string> models;
  CommandLine line("score", "MODEL --source FILE --target FILE",
                   "Scores given translations: for each pair a line with the log-probability (nats), the number of "
                   "pieces with the end, and the perplexity per piece, with tabs between them. The last line on stderr "
                   "has the whole text.",
                   {"isthmus score en-de.isthmus --source test.en --target test.de > scores.tsv"});
  line.add(options);
  line.positional("MODEL", models, 1, 1);
  if (!line.parse(arguments)) return 0;
  if (options.source.empty()) throw UsageError("--source is missing: the text whose translations are scored");
  refuse_input_as_output(options.output, std::vector<std::string>{models[0], options.source, options.target});
  const auto model = load_translation_model(models[0]);
  const ParallelText text = read_parallel({.source = options.source, .target = options.target});
  std::vector<Sentence> sources;
  std::vector<Sentence> targets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    sources.push_back(model->source.encode(text.source[i]));
    targets.push_back(model->target.encode(text.target[i]));
  }
  ThreadPool threads(options.threads == 0 ? available_processors() : static_cast<std::size_t>(options.threads));
  LineWriter writer(options.output);
  ForcedScore total;
  for (const ForcedScore& score :
       score_pairs(*model, sources, targets, static_cast<std::size_t>(options.batch), threads)) {
    writer.write(fmt::format("{:.4f}\t{}\t{:.4f}", score.log_prob, score.tokens, score.perplexity()));
    total.log_prob += score.log_prob;
    total.tokens += score.tokens;
  }
  writer.commit();
  if (total.tokens > 0) {
    log_info("{}, {}: log-probability {:.2f}, perplexity {:.3f} per piece",
             counted(static_cast<std::int64_t>(text.size()), "pair"), counted(total.tokens, "piece"), total.log_prob,
             total.perplexity());
  }
  return 0;
}

}  // namespace isthmus::cli
