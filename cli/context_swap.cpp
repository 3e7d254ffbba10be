// isthmus context swap: a sentence with parts of another's context.
#include <fmt/format.h>

#include "analysis/context_edits.h"
#include "cli/context_actions.h"
#include "cli/context_bench.h"
#include "cli/unit_list.h"
#include "core/error.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

struct SwapOptions {
  std::string source;
  std::string with;
  std::vector<std::string> parts;
  std::string units;
};

void describe(OptionVisitor& visit, SwapOptions& options) {
  visit("source", options.source, "the sentence whose context is changed");
  visit("with", options.with, "the sentence whose units it gets");
  visit("part", options.parts, "hidden, memory or layer:N, layers from 0; none: each that this model has");
  visit("units", options.units, "these units instead of a part, such as 3,17-20");
}

std::vector<ContextPart> chosen_parts(const SwapOptions& options, const ModelOptions& model) {
  if (!options.units.empty()) {
    if (!options.parts.empty()) throw UsageError("--part and --units both say what is swapped: give one of them");
    return {{"units " + options.units, parse_units(options.units, model)}};
  }
  std::vector<ContextPart> parts;
  for (const std::string& name : options.parts) parts.push_back(part_named(name, model));
  if (parts.empty()) parts = parts_of(model);
  if (parts.empty()) throw UsageError("the context of this model has one part: say with --units what to swap");
  return parts;
}

}  // namespace

int run_context_swap(Arguments arguments) {
  SwapOptions options;
  ContextOptions shared;
  std::string path;
  CommandLine line(
      "context swap", "MODEL --source TEXT --with TEXT",
      "Decodes the context of one sentence with parts of another's in it. Each line has a name, a tab and a "
      "translation: `source` and `with` from the sentences' own contexts, then one for each part that was "
      "swapped. Where a model attends, it looks back at --source.",
      {"isthmus context swap en-de.isthmus --source 'A man sleeps.' --with 'Two dogs run.'",
       "isthmus context swap en-de.isthmus --source 'A man sleeps.' --with 'Two dogs run.' --units 0-99"});
  line.add(options);
  if (!parse_action(line, arguments, shared, path)) return 0;
  const auto model = load_translation_model(path);
  require_text(model->source, "source", options.source);
  require_text(model->source, "with", options.with);
  ContextBench bench(model, {options.source, options.with}, "--source and --with", shared);
  const std::vector<ContextPart> parts = chosen_parts(options, bench.shape());
  const Matrix<float> own = bench.vectors();
  Matrix<float> vectors(own.rows(), 2 + static_cast<Index>(parts.size()));
  vectors.leftCols(2) = own;
  std::vector<Index> of = {0, 1};
  std::vector<std::string> names = {"source", "with"};
  for (const ContextPart& part : parts) {
    vectors.col(static_cast<Index>(of.size())) = with_units_of(own.col(0), own.col(1), part.units);
    of.push_back(0);
    names.push_back(part.name);
  }
  const std::vector<std::string> texts = bench.translate(vectors, of);
  LineWriter writer("-");
  for (std::size_t i = 0; i < names.size(); ++i) writer.write(names[i] + '\t' + texts[i]);
  writer.commit();
  return 0;
}

}  // namespace isthmus::cli
