#include "cli/corpus_input.h"

#include <fmt/format.h>

#include "core/error.h"

namespace isthmus::cli {

void describe(OptionVisitor& visit, CorpusInput& input) {
  visit.group("Input");
  visit("source", input.source, "file of source lines; - is standard input");
  visit("target", input.target, "file of target lines, translations of the same lines of --source");
  visit("tsv", input.tsv, "one file of tab-separated source and target instead; - is standard input");
  visit("source-column", input.source_column, "of the --tsv file", at_least(1));
  visit("target-column", input.target_column, "of the --tsv file", at_least(1));
}

ParallelInput parallel_input(const CorpusInput& input, const std::vector<std::string>& positional) {
  std::string source = input.source, target = input.target, tsv = input.tsv;
  if (!positional.empty()) {
    if (!source.empty() || !target.empty() || !tsv.empty()) {
      throw UsageError("'" + positional[0] + "': give files either by --source, --target or --tsv, or as arguments");
    }
    (positional.size() == 1 ? tsv : source) = positional[0];
    if (positional.size() == 2) target = positional[1];
  }
  if (!tsv.empty()) {
    if (!source.empty() || !target.empty()) throw UsageError("--tsv takes the place of --source and --target");
    return {.source = tsv, .target = {}, .source_column = input.source_column, .target_column = input.target_column};
  }
  if (source.empty() || target.empty()) {
    throw UsageError("give --source FILE and --target FILE, or --tsv FILE with both in columns");
  }
  return {.source = source, .target = target};
}

std::optional<ParallelInput> other_corpus(const std::vector<std::string>& against, const ParallelInput& input) {
  if (against.empty()) return std::nullopt;
  if (against.size() > 2) {
    throw UsageError(fmt::format("--against takes two files, SOURCE TARGET; '{}' is one too many", against[2]));
  }
  if (against.size() == 2) return ParallelInput{.source = against[0], .target = against[1]};
  if (!input.target.empty()) {
    throw UsageError(
        fmt::format("--against {0}: the other side of that corpus is missing; give --against SOURCE TARGET"
                    " (one tab-separated file will do when the corpus itself is one, with --tsv)",
                    against[0]));
  }
  ParallelInput other = input;
  other.source = against[0];
  return other;
}

}  // namespace isthmus::cli
