#include "evaluation/metrics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "evaluation/score_warnings.h"

namespace isthmus {
namespace {

/// Sums of counts are whole, and exact below 2^53.
std::int64_t whole(double sum) { return static_cast<std::int64_t>(sum); }

MetricScore score_bleu(std::span<const std::string> hypotheses, std::span<const References> references,
                       const MetricOptions& options) {
  const BleuScore bleu = corpus_bleu(hypotheses, references, options.bleu);
  MetricScore score;
  score.name = "BLEU";
  score.score = bleu.score;
  score.signature = bleu_signature(options.bleu, reference_count(references));
  score.details = bleu.details();
  score.length_ratio = bleu.length_ratio();
  score.fields = {
      {"precisions", bleu.precisions},    {"counts", bleu.matches},          {"totals", bleu.totals},
      {"bp", bleu.brevity_penalty},       {"ratio", bleu.length_ratio()},    {"sys_len", bleu.hypothesis_length},
      {"ref_len", bleu.reference_length}, {"verbose_score", bleu.details()}, {"sentences", hypotheses.size()}};
  score.warnings = bleu_warnings(hypotheses, references, options.bleu, bleu);
  return score;
}

SentenceStatistics bleu_rows_of_texts(std::span<const std::string> hypotheses, std::span<const References> references,
                                      const MetricOptions& options) {
  return bleu_rows(bleu_statistics(hypotheses, references, options.bleu), options.bleu);
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
    const auto take = [](const double* from, auto& to) { std::transform(from, from + kOrders, to.begin(), whole); };
    take(&sums[0], statistics.hypothesis);
    take(&sums[kOrders], statistics.reference);
    take(&sums[2 * kOrders], statistics.matches);
    return chrf_score(statistics, chrf);
  });
  std::vector<double> row(rows.width());
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

MetricScore score_ter(std::span<const std::string> hypotheses, std::span<const References> references,
                      const MetricOptions& options) {
  TerStatistics sum;
  for (const TerStatistics& sentence : ter_statistics(hypotheses, references, options.ter)) sum += sentence;
  MetricScore score;
  score.name = "TER";
  score.score = ter_score(sum);
  score.signature = ter_signature(options.ter, reference_count(references));
  score.fields = {{"num_edits", sum.edits}, {"ref_length", sum.reference_length}, {"sentences", hypotheses.size()}};
  return score;
}

SentenceStatistics ter_rows(std::span<const std::string> hypotheses, std::span<const References> references,
                            const MetricOptions& options) {
  SentenceStatistics rows(2, [](SentenceStatistics::Row sums) { return ter_score({whole(sums[0]), sums[1]}); });
  for (const TerStatistics& statistics : ter_statistics(hypotheses, references, options.ter)) {
    rows.add(std::vector<double>{static_cast<double>(statistics.edits), statistics.reference_length});
  }
  return rows;
}

constexpr std::array kMetrics = {
    Metric{"bleu", "n-gram precision of tokens, corpus-level", score_bleu, bleu_rows_of_texts},
    Metric{"chrf", "F-score of character n-grams", score_chrf, chrf_rows},
    Metric{"chrf++", "F-score of character n-grams and of words and pairs of words", score_chrf_plus_plus,
           chrf_plus_plus_rows},
    Metric{"ter", "edits and shifts for each word of the reference; lower is better", score_ter, ter_rows},
};

}  // namespace

SentenceStatistics bleu_rows(std::span<const BleuStatistics> statistics, const BleuOptions& options) {
  const auto orders = static_cast<std::size_t>(options.max_ngram_order);
  SentenceStatistics rows(2 + 2 * orders, [options, orders](SentenceStatistics::Row sums) {
    BleuStatistics sum;
    sum.hypothesis_length = whole(sums[0]);
    sum.reference_length = whole(sums[1]);
    std::transform(&sums[2], &sums[2] + orders, sum.matches.begin(), whole);
    std::transform(&sums[2 + orders], &sums[2 + orders] + orders, sum.totals.begin(), whole);
    return bleu_score(sum, options).score;
  });
  std::vector<double> row(rows.width());
  for (const BleuStatistics& sentence : statistics) {
    row[0] = static_cast<double>(sentence.hypothesis_length);
    row[1] = static_cast<double>(sentence.reference_length);
    std::copy_n(sentence.matches.begin(), orders, &row[2]);
    std::copy_n(sentence.totals.begin(), orders, &row[2 + orders]);
    rows.add(row);
  }
  return rows;
}

void describe(OptionVisitor& visit, MetricOptions& options) {
  describe(visit, options.bleu);
  describe(visit, options.chrf);
  describe(visit, options.ter);
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
