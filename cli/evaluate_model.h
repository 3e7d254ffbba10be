// A model's translations of a test set, for scoring.
#pragma once

#include <string>
#include <vector>

#include "decode/search_options.h"
#include "decode/translate_options.h"
#include "evaluation/breakdown_report.h"
#include "evaluation/metrics.h"
#include "evaluation/score_report.h"

namespace isthmus::cli {

struct EvaluateModelOptions {
  std::string model;
  std::string source;
  std::string output;
  std::string ledger = "ledger.sqlite";
  SearchOptions search;
  TranslateOptions translate;
};

void describe(OptionVisitor& visit, EvaluateModelOptions& options);

/// Scores, and the texts that they are of.
struct Evaluation {
  std::vector<SystemScores> scores;
  EvaluatedTexts texts;
};

/// Translates the source, scores the translations with the metrics and keeps both in the ledger, if there is one.
/// Throws Interrupted.
Evaluation evaluate_model(const EvaluateModelOptions& options, const std::vector<std::string>& reference_paths,
                          const std::vector<const Metric*>& metrics, const MetricOptions& metric_options,
                          const ResamplingOptions& resampling);

}  // namespace isthmus::cli
