// Scores of one or several systems as text, JSON, Markdown or LaTeX.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "evaluation/metrics.h"
#include "evaluation/score_table.h"

namespace isthmus {

struct SystemScores {
  std::string system;  ///< a file's name, as a rule
  std::vector<MetricScore> scores;
};

/// Ends in a newline. Scores in text and tables have `decimals` decimals, in JSON all.
///
/// Text of one system is a line for each metric, "BLEU|SIGNATURE = 52.74 72.7/59.0/…"; everything else is a table with
/// the signatures below it; "length" is hypothesis by reference. Systems whose signatures differ get tables of their
/// own: their scores are not comparable.
///
/// JSON, as sacreBLEU's: of one system, an object for each metric with name, score, signature and details, alone or in
/// an array if there are several; of several systems, an array of {"system": NAME, "BLEU": {…}, …}.
std::string format_scores(std::span<const SystemScores> systems, ScoreFormat format, int decimals = 2);

/// The same for kJson, before it is text.
nlohmann::ordered_json scores_json(std::span<const SystemScores> systems);

}  // namespace isthmus
