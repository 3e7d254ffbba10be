#include <filesystem>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/corpus_input.h"
#include "cli/corpus_output.h"
#include "core/error.h"
#include "corpora/compression.h"
#include "corpora/split.h"

namespace isthmus::cli {
namespace {

struct Options {
  CorpusInput input;
  CorpusOutput output;
  std::string source_language;
  std::string target_language;
  SplitOptions split;
};

void describe(OptionVisitor& visit, Options& options) {
  describe(visit, options.input);
  visit.group("Output");
  describe(visit, options.output, "folder for train.LANG, dev.LANG and test.LANG of both languages");
  visit("source-language", options.source_language, "LANG of the source; the end of the file's name if not given");
  visit("target-language", options.target_language, "LANG of the target; the end of the file's name if not given");
  describe(visit, options.split);
}

/// "de" for "text/train.de.gz"; empty when the name does not tell.
std::string language_of(const std::string& path) {
  std::filesystem::path name = std::filesystem::path(path).filename();
  if (compression_by_name(path) != Compression::kNone) name = name.stem();
  const std::string extension = name.extension().string();
  return extension.empty() ? extension : extension.substr(1);
}

}  // namespace

int run_corpus_split(Arguments arguments) {
  Options options;
  std::vector<std::string> files;
  CommandLine line("corpus split", "[SOURCE TARGET]",
                   "Splits parallel text at random into train, dev and test. No line of one part is a line of another, "
                   "on either side, not even with other capitals or spaces. Repeated pairs are left out.",
                   {"isthmus corpus split --source all.en --target all.de --out split --dev 1000 --test 2000",
                    "isthmus corpus split --tsv pairs.tsv --source-language en --target-language ko --out split"});
  line.add(options);
  line.positional("SOURCE TARGET", files, 0, 2);
  if (!line.parse(arguments)) return 0;
  const ParallelInput input = parallel_input(options.input, files);
  std::string source = options.source_language, target = options.target_language;
  if (source.empty()) source = language_of(input.source);
  if (target.empty()) target = language_of(input.target);
  if (source.empty() || target.empty() || source == target) {
    throw UsageError("the names of the files do not tell the languages; give --source-language and --target-language");
  }
  if ((source + target).find('/') != std::string::npos) throw UsageError("a language cannot have a '/'");
  check_split_output(options.output, source, target, std::vector<std::string>{input.source, input.target});
  report_split(options.output.folder, source, target,
               write_split(options.output.folder, source, target, read_parallel(input), options.split));
  return 0;
}

}  // namespace isthmus::cli
