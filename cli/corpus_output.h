// What the subcommands that write a split corpus have in common.
#pragma once

#include <string>

#include "corpora/split.h"

namespace isthmus::cli {

/// Throws UsageError when there is no --out.
void require_out(const std::string& folder);

/// Says what was written, on stderr.
void report_split(const std::string& folder, const std::string& source_language, const std::string& target_language,
                  const SplitCounts& counts);

}  // namespace isthmus::cli
