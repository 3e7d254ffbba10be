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

SentenceStatistics bleu_rows(std::span<const std::string> hypotheses, std::span<const References> references,
                             const MetricOptions& options) {
  const auto orders = static_cast<std::size_t>(options.bleu.max_ngram_order);
  SentenceStatistics rows(2 + 2 * orders, [bleu = options.bleu, orders](SentenceStatistics::Row sums) {
    BleuStatistics statistics;
    statistics.hypothesis_length = sums[0];
    statistics.reference_length = sums[1];
    std::copy_n(&sums[2], orders, statistics.matches.begin());
    std::copy_n(&sums[2 + orders], orders, statistics.totals.begin());
    return bleu_score(statistics, bleu).score;
  });
  std::vector<std::int64_t> row(rows.width());
  for (const BleuStatistics& statistics : bleu_statistics(hypotheses, references, options.bleu)) {
    row[0] = statistics.hypothesis_length;
    row[1] = statistics.reference_length;
    std::copy_n(statistics.matches.begin(), orders, &row[2]);
    std::copy_n(statistics.totals.begin(), orders, &row[2 + orders]);
    rows.add(row);
  }
  return rows;
}

/// --lowercase speaks to every metric.
ChrfOptions chrf_options(const MetricOptions& options) {
  ChrfOptions chrf = options.chrf;
  chrf.lowercase = chrf.lowercase || options.bleu.lowercase;
  return chrf;
}

MetricScore score_chrf(std::span<const std::string> hypotheses, std::span<const References> references,
                       const MetricOptions& options) {
  const ChrfOptions chrf = chrf_options(options);
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

SentenceStatistics chrf_rows(std::span<const std::string> hypotheses, std::span<const References> references,
                             const MetricOptions& options) {
  const ChrfOptions chrf = chrf_options(options);
  constexpr std::size_t kOrders = ChrfStatistics::kOrders;
  SentenceStatistics rows(3 * kOrders, [chrf](SentenceStatistics::Row sums) {
    ChrfStatistics statistics;
    std::copy_n(&sums[0], kOrders, statistics.hypothesis.begin());
    std::copy_n(&sums[kOrders], kOrders, statistics.reference.begin());
    std::copy_n(&sums[2 * kOrders], kOrders, statistics.matches.begin());
    return chrf_score(statistics, chrf);
  });
  std::vector<std::int64_t> row(rows.width());
  for (const ChrfStatistics& statistics : chrf_statistics(hypotheses, references, chrf)) {
    std::copy_n(statistics.hypothesis.begin(), kOrders, &row[0]);
    std::copy_n(statistics.reference.begin(), kOrders, &row[kOrders]);
    std::copy_n(statistics.matches.begin(), kOrders, &row[2 * kOrders]);
    rows.add(row);
  }
  return rows;
}

MetricOptions with_words(MetricOptions options) {
  options.chrf.word_order = 2;
  return options;
}

MetricScore score_chrf_plus_plus(std::span<const std::string> hypotheses, std::span<const References> references,
                                 const MetricOptions& options) {
  return score_chrf(hypotheses, references, with_words(options));
}

SentenceStatistics chrf_plus_plus_rows(std::span<const std::string> hypotheses, std::span<const References> references,
                                       const MetricOptions& options) {
  return chrf_rows(hypotheses, references, with_words(options));
}

constexpr std::array kMetrics = {
    Metric{"bleu", "n-gram precision of tokens, corpus-level", score_bleu, bleu_rows},
    Metric{"chrf", "F-score of character n-grams", score_chrf, chrf_rows},
    Metric{"chrf++", "F-score of character n-grams and of words and pairs of words", score_chrf_plus_plus,
           chrf_plus_plus_rows},
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
