// Translations in files, scored.
#pragma once

#include <string>
#include <vector>

#include "cli/evaluate_options.h"
#include "evaluation/breakdown_report.h"
#include "evaluation/score_report.h"

namespace isthmus::cli {

/// Reads what --hypothesis, --reference and, if it is named, --source have. Throws InputError, also when they are not
/// of one length.
EvaluatedTexts read_evaluated_texts(const EvaluateOptions& options);

/// Scores the systems. With a `ledger`, which is a path, it keeps translations, scores and comparisons.
std::vector<SystemScores> evaluate_files(const EvaluatedTexts& texts, const EvaluateOptions& options,
                                         const std::string& ledger);

/// A line for each sentence of the first system on standard output.
void print_sentence_scores(const EvaluatedTexts& texts, EvaluateOptions options);

}  // namespace isthmus::cli
