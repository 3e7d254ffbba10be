// What the subcommands that write a split corpus have in common.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/options.h"
#include "corpora/split.h"

namespace isthmus::cli {

struct CorpusOutput {
  std::string folder;
  bool force = false;
};
/// --out, with `help`, and --force.
void describe(OptionVisitor& visit, CorpusOutput& output, std::string_view help);

/// Throws UsageError when there is no --out, and InputError when a file that write_split() would write is one of
/// `inputs`, or is there already and not --force.
void check_split_output(const CorpusOutput& output, const std::string& source_language,
                        const std::string& target_language, std::span<const std::string> inputs = {});

/// Says what was written, on stderr.
void report_split(const std::string& folder, const std::string& source_language, const std::string& target_language,
                  const SplitCounts& counts);

}  // namespace isthmus::cli
