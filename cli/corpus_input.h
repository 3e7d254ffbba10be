// The options by which the corpus subcommands are told their files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "corpora/parallel_text.h"

namespace isthmus::cli {

struct CorpusInput {
  std::string source;              ///< file of source lines
  std::string target;              ///< file of target lines
  std::string tsv;                 ///< file with both, in columns; instead of the two
  std::int64_t source_column = 1;  ///< of the tsv file, from 1
  std::int64_t target_column = 2;
};
void describe(OptionVisitor& visit, CorpusInput& input);

/// The files that were given. `positional` are arguments without an option: SOURCE TARGET, or a tsv file. Throws
/// UsageError when that is not two files or one tsv file.
ParallelInput parallel_input(const CorpusInput& input, const std::vector<std::string>& positional);

/// The value of --against: SOURCE TARGET, or nothing, or one tsv file with the columns of `input` if that is one too.
/// Throws UsageError when it is another number of files.
std::optional<ParallelInput> other_corpus(const std::vector<std::string>& against, const ParallelInput& input);

}  // namespace isthmus::cli
