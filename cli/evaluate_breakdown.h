// What `isthmus evaluate --breakdown` takes a score apart by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "evaluation/breakdown_report.h"

namespace isthmus::cli {

struct BreakdownOptions {
  std::vector<std::string> breakdown;
  std::int64_t examples = 5;
  std::string frequency_text;
};

void describe(OptionVisitor& visit, BreakdownOptions& options);

/// The names in options that take several, be there spaces or commas between them.
std::vector<std::string> split_names(const std::vector<std::string>& lists);

/// Throws UsageError, which lists the names there are.
std::vector<Breakdown> chosen_breakdowns(const BreakdownOptions& options);

/// Reads the text of frequencies. Throws InputError.
Breakdowns break_down(const EvaluatedTexts& texts, const BreakdownOptions& options, const BleuOptions& bleu);

}  // namespace isthmus::cli
