#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/corpus_input.h"
#include "corpora/stats.h"

namespace isthmus::cli {

int run_corpus_stats(Arguments arguments) {
  CorpusInput input;
  std::vector<std::string> files;
  CommandLine line(
      "corpus stats", "[SOURCE TARGET]",
      "Counts lines, words, characters and vocabulary of parallel text and shows how long its sentences "
      "are. Words are what stands between white space.",
      {"isthmus corpus stats --source train.en --target train.de", "isthmus corpus stats --tsv pairs.tsv.xz"});
  line.add(input);
  line.positional("SOURCE TARGET", files, 0, 2);
  if (!line.parse(arguments)) return 0;
  fmt::print("{}", to_text(corpus_stats(parallel_input(input, files))));
  return 0;
}

}  // namespace isthmus::cli
