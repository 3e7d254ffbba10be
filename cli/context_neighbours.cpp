// isthmus context neighbours: the lines of a text whose contexts point the same way as a sentence's.
#include <fmt/format.h>

#include "analysis/context_edits.h"
#include "cli/context_actions.h"
#include "cli/context_bench.h"
#include "core/error.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

struct NeighbourOptions {
  std::string input;
  std::string query;
  std::int64_t count = 5;
  bool centred = false;
};

void describe(OptionVisitor& visit, NeighbourOptions& options) {
  visit("input", options.input, "text to look in, a sentence a line; - is standard input");
  visit("query", options.query, "the sentence whose neighbours are looked for");
  visit("neighbours", options.count, "lines to show, the nearest first", between(1, 1000000));
  visit("centred", options.centred, "take the mean of the text's contexts off all vectors first");
}

}  // namespace

int run_context_neighbours(Arguments arguments) {
  NeighbourOptions options;
  ContextOptions shared;
  std::string path;
  CommandLine line(
      "context neighbours", "MODEL --input FILE --query TEXT",
      "Finds the lines whose context vectors have the greatest cosine to that of a sentence. A line of the "
      "output has the cosine, the number of the line from 1, and the line, with tabs between them.",
      {"isthmus context neighbours en-de.isthmus --input train.en --query 'A man sleeps.' --neighbours 10"});
  line.add(options);
  if (!parse_action(line, arguments, shared, path)) return 0;
  if (options.input.empty()) throw UsageError("--input is missing: the text to look in");
  const auto model = load_translation_model(path);
  require_text(model->source, "query", options.query);
  std::vector<std::string> lines = read_lines(options.input);
  if (lines.empty()) return 0;
  ContextBench bench(model, std::move(lines), options.input, shared);
  Matrix<float> vectors = bench.vectors();
  const auto longest = static_cast<std::size_t>(shared.translate.max_source_length);
  Vector<float> query =
      vectors_of(bench.laboratory().encode(std::vector<Sentence>{model->source.encode(options.query, longest)})).col(0);
  if (options.centred) {
    const Vector<float> mean = unit_statistics(vectors).mean;
    vectors.colwise() -= mean;
    query -= mean;
  }
  LineWriter writer("-");
  for (const Neighbour& near : nearest(vectors, query, static_cast<std::size_t>(options.count))) {
    writer.write(
        fmt::format("{:.4f}\t{}\t{}", near.cosine, near.column + 1, bench.laboratory().source_lines()[near.column]));
  }
  writer.commit();
  return 0;
}

}  // namespace isthmus::cli
