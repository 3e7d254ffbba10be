// The table of metrics: what `--metrics` can name. A new metric is one pure function and one line in metrics.cpp.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/chrf.h"
#include "evaluation/significance.h"
#include "evaluation/ter.h"

namespace isthmus {

/// The options of all metrics.
struct MetricOptions {
  BleuOptions bleu;
  ChrfOptions chrf;
  TerOptions ter;
};

void describe(OptionVisitor& visit, MetricOptions& options);

/// A score that says where it came from.
struct MetricScore {
  std::string name;  ///< as papers have it: "BLEU", "chrF2++"
  double score = 0;
  std::string signature;
  std::string details;  ///< what the text line has after the score; may be empty
  /// What the JSON object has beside name, score and signature.
  nlohmann::ordered_json fields = nlohmann::ordered_json::object();
  std::vector<std::string> warnings;   ///< why the score may not mean what it seems to
  std::optional<double> length_ratio;  ///< hypothesis by reference, where the metric counts tokens
  std::string resampling;              ///< how what follows was made: "bs:1000|seed:12345"; empty: it is not there
  std::optional<Confidence> confidence;
  /// Against the first system; the first has none.
  std::optional<double> bootstrap_p, randomisation_p;
};

struct Metric {
  std::string_view name;  ///< as the command line has it
  std::string_view about;
  /// Pure and thread-safe. Throws InputError as check_references does.
  MetricScore (*score)(std::span<const std::string> hypotheses, std::span<const References> references,
                       const MetricOptions& options);
  /// The same score, as a function of the sentences'. Pure and thread-safe; throws the same.
  SentenceStatistics (*statistics)(std::span<const std::string> hypotheses, std::span<const References> references,
                                   const MetricOptions& options);
};

std::span<const Metric> metrics();

/// BLEU of sentences whose statistics are known, to be resampled.
SentenceStatistics bleu_rows(std::span<const BleuStatistics> statistics, const BleuOptions& options);

/// In any case: "BLEU" is bleu. Throws UsageError, which lists the names there are.
const Metric& metric_named(std::string_view name);

}  // namespace isthmus
