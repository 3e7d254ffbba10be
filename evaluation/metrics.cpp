#include "evaluation/metrics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "evaluation/score_warnings.h"

namespace isthmus {
namespace {

MetricScore score_bleu(std::span<const std::string> hypotheses, std::span<const References> references,
                       const MetricOptions& options) {
  const BleuScore bleu = corpus_bleu(hypotheses, references, options.bleu);
  MetricScore score;
  score.name = "BLEU";
  score.score = bleu.score;
  score.signature = bleu_signature(options.bleu, reference_count(references));
  score.details = bleu.details();
  score.fields = {
      {"precisions", bleu.precisions},    {"counts", bleu.matches},          {"totals", bleu.totals},
      {"bp", bleu.brevity_penalty},       {"ratio", bleu.length_ratio()},    {"sys_len", bleu.hypothesis_length},
      {"ref_len", bleu.reference_length}, {"verbose_score", bleu.details()}, {"sentences", hypotheses.size()}};
  score.warnings = bleu_warnings(hypotheses, references, options.bleu, bleu);
  return score;
}

MetricScore score_chrf(std::span<const std::string> hypotheses, std::span<const References> references,
                       const MetricOptions& options) {
  ChrfOptions chrf = options.chrf;
  chrf.lowercase = chrf.lowercase || options.bleu.lowercase;  // --lowercase speaks to every metric
  MetricScore score;
  score.name = chrf_name(chrf);
  score.score = corpus_chrf(hypotheses, references, chrf);
  score.signature = chrf_signature(chrf, reference_count(references));
  score.fields = {{"char_order", chrf.char_order},
                  {"word_order", chrf.word_order},
                  {"beta", chrf.beta},
                  {"sentences", hypotheses.size()}};
  return score;
}

MetricScore score_chrf_plus_plus(std::span<const std::string> hypotheses, std::span<const References> references,
                                 const MetricOptions& options) {
  MetricOptions with_words = options;
  with_words.chrf.word_order = 2;
  return score_chrf(hypotheses, references, with_words);
}

constexpr std::array kMetrics = {
    Metric{"bleu", "n-gram precision of tokens, corpus-level", score_bleu},
    Metric{"chrf", "F-score of character n-grams", score_chrf},
    Metric{"chrf++", "F-score of character n-grams and of words and pairs of words", score_chrf_plus_plus},
};

}  // namespace

void describe(OptionVisitor& visit, MetricOptions& options) {
  describe(visit, options.bleu);
  describe(visit, options.chrf);
}

std::span<const Metric> metrics() { return kMetrics; }

const Metric& metric_named(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  std::vector<std::string_view> names;
  for (const Metric& metric : kMetrics) {
    if (metric.name == lower) return metric;
    names.push_back(metric.name);
  }
  throw UsageError(fmt::format("unknown metric '{}'; there are {}", name, fmt::join(names, ", ")));
}

}  // namespace isthmus
