#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/corpus_input.h"
#include "cli/corpus_output.h"
#include "cli/output_files.h"
#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "corpora/clean.h"
#include "corpora/line_writer.h"

namespace isthmus::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  CorpusInput input;
  std::vector<std::string> against;
  CorpusOutput output;
  CleanOptions clean;
};

void describe(OptionVisitor& visit, Options& options) {
  describe(visit, options.input);
  visit("against", options.against,
        "SOURCE TARGET of another corpus; pairs with a sentence of it are dropped; with --tsv also one file");
  visit.group("Output");
  describe(visit, options.output,
           "folder for files of the same names; - writes tab-separated pairs to standard output");
  describe(visit, options.clean);
}

/// A tab within a side would make another column.
std::string without_tabs(std::string line) {
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

void write_table(const std::string& path, const ParallelText& text) {
  LineWriter writer(path);
  for (std::size_t i = 0; i < text.size(); ++i) {
    writer.write(without_tabs(text.source[i]) + '\t' + without_tabs(text.target[i]));
  }
  writer.commit();
}

/// A file of that name in the folder; "stdin" for standard input.
std::string beside(const std::string& folder, const std::string& input) {
  return (fs::path(folder) / (input == "-" ? "stdin" : fs::path(input).filename().string())).string();
}

/// The same two files, or one table, in the folder of --out, which may be "-". Refuses what would lose text.
ParallelInput output_files(const CorpusOutput& output, const ParallelInput& input,
                           const std::optional<ParallelInput>& against) {
  if (output.folder.empty()) throw UsageError("--out FOLDER is missing; --out - writes to standard output");
  if (output.folder == "-") return {.source = "-", .target = {}};
  ParallelInput files{.source = beside(output.folder, input.source), .target = {}};
  if (!input.target.empty()) files.target = beside(output.folder, input.target);
  if (files.source == files.target) {
    throw UsageError("--source and --target have the same file name; use --out - or rename one");
  }
  std::vector<std::string> inputs = {input.source, input.target};
  if (against) inputs.insert(inputs.end(), {against->source, against->target});
  for (const std::string& file : {files.source, files.target}) {
    refuse_input_as_output(file, inputs, "give another folder to --out");
    refuse_to_overwrite(file, output.force);
  }
  return files;
}

}  // namespace

int run_corpus_clean(Arguments arguments) {
  Options options;
  std::vector<std::string> files;
  CommandLine line("corpus clean", "[SOURCE TARGET]",
                   "Repairs or drops the pairs that do harm and says how many for each reason. The order stays.",
                   {"isthmus corpus clean --source train.en --target train.de --out clean",
                    "isthmus corpus clean --tsv pairs.tsv.gz --out - --duplicates sides | head"});
  line.add(options);
  line.positional("SOURCE TARGET", files, 0, 2);
  if (!line.parse(arguments)) return 0;
  if (options.clean.max_ratio > 0 && options.clean.max_ratio <= 1) {
    throw UsageError("--max-ratio must be more than 1, or 0 for any ratio");
  }
  const ParallelInput input = parallel_input(options.input, files);
  const std::optional<ParallelInput> other = other_corpus(options.against, input);
  const ParallelInput output = output_files(options.output, input, other);
  ParallelText text = read_parallel(input, ParallelReader::Faults::kReport);
  const ParallelText against = other ? read_parallel(*other) : ParallelText{};
  const CleanReport report = clean_corpus(text, other ? &against : nullptr, options.clean);
  if (output.source != "-") make_folder(options.output.folder);
  if (output.target.empty()) {
    write_table(output.source, text);
  } else {
    write_lines(output.source, text.source);
    write_lines(output.target, text.target);
  }
  std::string report_text = to_text(report);
  report_text.pop_back();
  log_info("{}", report_text);
  return 0;
}

}  // namespace isthmus::cli
