// isthmus context interpolate: what the decoder makes of the way from one sentence to another.
#include <fmt/format.h>

#include "analysis/context_edits.h"
#include "cli/context_actions.h"
#include "cli/context_bench.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

struct InterpolateOptions {
  std::string from;
  std::string to;
  std::int64_t steps = 9;
  bool spherical = false;
};

void describe(OptionVisitor& visit, InterpolateOptions& options) {
  visit("from", options.from, "the sentence to begin with");
  visit("to", options.to, "the sentence to end with");
  visit("steps", options.steps, "contexts on the way, both sentences included", between(2, 10000));
  visit("spherical", options.spherical, "along the arc between the two vectors, not on the straight line");
}

}  // namespace

int run_context_interpolate(Arguments arguments) {
  InterpolateOptions options;
  ContextOptions shared;
  std::string path;
  CommandLine line(
      "context interpolate", "MODEL --from TEXT --to TEXT",
      "Decodes the contexts that lie between those of two sentences. A line has the share of the second, a "
      "tab, and the translation. Where a model attends, the first half looks back at the first sentence, the "
      "second half at the second.",
      {"isthmus context interpolate en-de.isthmus --from 'A man sleeps.' --to 'Two dogs run.' --steps 5"});
  line.add(options);
  if (!parse_action(line, arguments, shared, path)) return 0;
  const auto model = load_translation_model(path);
  require_text(model->source, "from", options.from);
  require_text(model->source, "to", options.to);
  ContextBench bench(model, {options.from, options.to}, "--from and --to", shared);
  const Matrix<float> ends = bench.vectors();
  const Matrix<float> way = options.spherical ? round_way(ends.col(0), ends.col(1), options.steps)
                                              : straight_way(ends.col(0), ends.col(1), options.steps);
  std::vector<Index> of;
  for (std::int64_t i = 0; i < options.steps; ++i) of.push_back(2 * i < options.steps ? 0 : 1);
  const std::vector<std::string> texts = bench.translate(way, of);
  LineWriter writer("-");
  for (std::int64_t i = 0; i < options.steps; ++i) {
    writer.write(fmt::format("{:.3f}\t{}", static_cast<double>(i) / static_cast<double>(options.steps - 1),
                             texts[static_cast<std::size_t>(i)]));
  }
  writer.commit();
  return 0;
}

}  // namespace isthmus::cli
