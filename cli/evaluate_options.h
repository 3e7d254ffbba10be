// The options of `isthmus evaluate`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/evaluate_breakdown.h"
#include "cli/evaluate_model.h"
#include "evaluation/metrics.h"
#include "evaluation/score_table.h"

namespace isthmus::cli {

struct EvaluateOptions {
  std::vector<std::string> hypothesis;
  std::vector<std::string> reference;
  std::vector<std::string> metrics = {"bleu"};
  bool sentence_level = false;
  ScoreFormat format = ScoreFormat::kText;
  std::int64_t decimals = 2;
  ResamplingOptions resampling;
  BreakdownOptions breakdown;
  MetricOptions metric_options;
  EvaluateModelOptions model;
};

void describe(OptionVisitor& visit, EvaluateOptions& options);

/// Each metric once, in the order in which they were first named. Throws UsageError.
std::vector<const Metric*> chosen_metrics(const EvaluateOptions& options);

/// Throws UsageError when something is missing or does not go together. Reads nothing.
void check_usage(const EvaluateOptions& options, const CommandLine& line);

}  // namespace isthmus::cli
