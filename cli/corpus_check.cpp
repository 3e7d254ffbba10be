#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/corpus_input.h"
#include "corpora/check.h"

namespace isthmus::cli {
namespace {

struct Options {
  CorpusInput input;
  std::vector<std::string> against;
  CheckOptions check;
};

void describe(OptionVisitor& visit, Options& options) {
  describe(visit, options.input);
  visit("against", options.against,
        "SOURCE TARGET of another corpus, such as the test text, that must share nothing; with --tsv also one file");
  describe(visit, options.check);
}

}  // namespace

int run_corpus_check(Arguments arguments) {
  Options options;
  std::vector<std::string> files;
  CommandLine line("corpus check", "[SOURCE TARGET]",
                   "Reports what is wrong with parallel text, with line numbers. Exit code 1 when there are errors: "
                   "no lines, files of different length, rows without both columns, bytes that are not UTF-8 (the "
                   "first one counted from 1), NUL, pairs of the other corpus. The rest are warnings.",
                   {"isthmus corpus check --source train.en --target train.de --against test.en test.de",
                    "zcat pairs.tsv.gz | isthmus corpus check --tsv -"});
  line.add(options);
  line.positional("SOURCE TARGET", files, 0, 2);
  if (!line.parse(arguments)) return 0;
  const ParallelInput input = parallel_input(options.input, files);
  const CheckReport report = check_corpus(input, other_corpus(options.against, input), options.check);
  fmt::print("{}", to_text(report));
  return report.errors() > 0 ? 1 : 0;
}

}  // namespace isthmus::cli
