// isthmus context noise: translations from contexts with Gaussian noise.
#include <fmt/format.h>

#include <numeric>

#include "analysis/context_edits.h"
#include "cli/context_actions.h"
#include "cli/context_bench.h"
#include "core/error.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

struct NoiseActionOptions {
  std::string input = "-";
  double sigma = 0.5;
  std::int64_t seed = 1;
  std::int64_t samples = 1;
  bool absolute = false;
};

void describe(OptionVisitor& visit, NoiseActionOptions& options) {
  visit("input", options.input, "text, a sentence a line; - is standard input");
  visit("sigma", options.sigma, "the noise's standard deviation, in those of each unit over the lines; 0 is no noise",
        between(0, 1e6));
  visit("seed", options.seed, "the same seed makes the same noise for the same line", at_least(0));
  visit("samples", options.samples, "translations of each line, each with noise of its own", between(1, 100000));
  visit("absolute", options.absolute, "--sigma is the standard deviation itself, the same for all units");
}

}  // namespace

int run_context_noise(Arguments arguments) {
  NoiseActionOptions options;
  ContextOptions shared;
  std::string path;
  CommandLine line(
      "context noise", "MODEL",
      "Translates lines from contexts with Gaussian noise: as many lines come out as go in, with --samples "
      "so many times as many, those of a line one after another.",
      {"isthmus context noise en-de.isthmus --sigma 0.5 --input test.en",
       "echo 'A man sleeps.' | isthmus context noise en-de.isthmus --absolute --sigma 0.1 --samples 5"});
  line.add(options);
  if (!parse_action(line, arguments, shared, path)) return 0;
  const auto model = load_translation_model(path);
  std::vector<std::string> lines = read_lines(options.input);
  if (lines.empty()) return 0;
  if (lines.size() == 1 && !options.absolute && options.sigma > 0) {
    throw InputError::in_file(options.input, "one line has no standard deviation",
                              "give more lines, or --absolute with a --sigma such as 0.1");
  }
  ContextBench bench(model, std::move(lines), options.input, shared);
  const Matrix<float> vectors = bench.vectors();
  const auto sigma = static_cast<float>(options.sigma);
  const Vector<float> scale = options.absolute ? Vector<float>(Vector<float>::Constant(vectors.rows(), sigma))
                                               : Vector<float>(sigma * unit_statistics(vectors).deviation);
  std::vector<std::size_t> numbers(bench.laboratory().size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  const Random root(static_cast<std::uint64_t>(options.seed));
  std::vector<std::vector<std::string>> samples;
  for (std::int64_t k = 0; k < options.samples; ++k) {
    const Random noise = root.split(static_cast<std::uint64_t>(k));
    samples.push_back(bench.translate(with_noise(vectors, scale, numbers, noise)));
  }
  LineWriter writer("-");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (const std::vector<std::string>& sample : samples) writer.write(sample[i]);
  }
  writer.commit();
  return 0;
}

}  // namespace isthmus::cli
