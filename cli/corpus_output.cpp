#include "cli/corpus_output.h"

#include "cli/output_files.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"

namespace isthmus::cli {
namespace {

std::string count_text(std::size_t count) { return with_commas(static_cast<std::int64_t>(count)); }

}  // namespace

void describe(OptionVisitor& visit, CorpusOutput& output, std::string_view help) {
  visit("out", output.folder, help);
  visit("force", output.force, "overwrite files that are there already");
}

void check_split_output(const CorpusOutput& output, const std::string& source_language,
                        const std::string& target_language, std::span<const std::string> inputs) {
  if (output.folder.empty()) throw UsageError("--out FOLDER is missing: where the text goes");
  for (const std::string& file : split_files(output.folder, source_language, target_language)) {
    refuse_input_as_output(file, inputs, "give another folder to --out");
    refuse_to_overwrite(file, output.force);
  }
}

void report_split(const std::string& folder, const std::string& source_language, const std::string& target_language,
                  const SplitCounts& counts) {
  log_info("{}: train {}, dev {}, test {}, {} and {}", folder, count_text(counts.train), count_text(counts.dev),
           counted(static_cast<std::int64_t>(counts.test), "pair"), source_language, target_language);
  if (counts.left_out > 0)
    log_info("{} left out: repetitions, or more than --pairs",
             counted(static_cast<std::int64_t>(counts.left_out), "pair"));
}

}  // namespace isthmus::cli
