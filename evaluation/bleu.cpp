#include "evaluation/bleu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/error.h"
#include "core/hash.h"
#include "core/threads.h"
#include "evaluation/text.h"

namespace isthmus {
namespace {

/// Stands for log 0: so low that one order without a match makes the score 0.
constexpr double kLogOfZero = -9999999999.0;

/// Sentences that one thread counts at a stretch, and how many stretches are worth the start of threads.
constexpr std::size_t kPiece = 1024;
constexpr std::size_t kPiecesForThreads = 8;

bool takes_value(Smoothing method) { return method == Smoothing::kFloor || method == Smoothing::kAddK; }

double smoothing_value(const BleuOptions& options) {
  if (options.smooth_value >= 0) return options.smooth_value;
  return options.smooth_method == Smoothing::kFloor ? 0.1 : 1.0;
}

std::vector<std::uint64_t> token_hashes(std::string_view line, const BleuOptions& options) {
  const std::string tokens = bleu_tokens(line, options);
  std::vector<std::uint64_t> hashes;
  hashes.reserve(tokens.size() / 4 + 1);
  for (std::size_t begin = 0; begin < tokens.size();) {
    const std::size_t end = std::min(tokens.find(' ', begin), tokens.size());
    hashes.push_back(hash64(std::string_view(tokens).substr(begin, end - begin)));
    begin = end + 1;
  }
  return hashes;
}

double brevity_penalty(double hypothesis_length, double reference_length) {
  if (hypothesis_length >= reference_length) return 1;
  if (hypothesis_length == 0) return 0;
  return std::exp(1 - static_cast<double>(reference_length) / static_cast<double>(hypothesis_length));
}

}  // namespace

void describe(OptionVisitor& visit, BleuOptions& options) {
  visit.group("BLEU");
  visit("tokenize", options.tokenize, "how BLEU cuts text into tokens; zh for Chinese, char for Japanese and Thai");
  visit("lowercase", options.lowercase, "ignore case");
  visit("smooth-method", options.smooth_method, "what stands for the precision of an order without a match");
  visit("smooth-value", options.smooth_value, "the value of floor and add-k; below 0: 0.1 and 1");
  visit("effective-order", options.effective_order, "leave out orders that the hypothesis is too short for");
  visit("max-ngram-order", options.max_ngram_order, "longest n-grams counted", between(1, kMaxBleuOrder));
}

BleuOptions sentence_options(BleuOptions options) {
  options.effective_order = true;
  return options;
}

BleuStatistics& BleuStatistics::operator+=(const BleuStatistics& other) {
  hypothesis_length += other.hypothesis_length;
  reference_length += other.reference_length;
  for (std::size_t n = 0; n < matches.size(); ++n) {
    matches[n] += other.matches[n];
    totals[n] += other.totals[n];
  }
  return *this;
}

double BleuScore::length_ratio() const {
  return reference_length == 0 ? 0 : static_cast<double>(hypothesis_length) / static_cast<double>(reference_length);
}

std::string BleuScore::details() const {
  return fmt::format("{:.1f} (BP = {:.3f} ratio = {:.3f} hyp_len = {} ref_len = {})", fmt::join(precisions, "/"),
                     brevity_penalty, length_ratio(), hypothesis_length, reference_length);
}

std::string BleuScore::text() const { return fmt::format("BLEU = {:.2f} {}", score, details()); }

std::string bleu_tokens(std::string_view line, const BleuOptions& options) {
  std::string text = well_formed(line);
  if (options.lowercase) text = lowercase(text);
  return tokenize(options.tokenize, strip_right(text));
}

void BleuCounter::set_references(std::span<const std::string> references) {
  std::vector<std::vector<std::uint64_t>> tokens;
  std::size_t length = 0;
  reference_lengths_.clear();
  for (const std::string& reference : references) {
    tokens.push_back(token_hashes(reference, options_));
    reference_lengths_.push_back(static_cast<std::int64_t>(tokens.back().size()));
    length += tokens.back().size();
  }
  trie_.clear(length * static_cast<std::size_t>(options_.max_ngram_order));
  for (const auto& reference : tokens) trie_.add_reference(reference, static_cast<int>(options_.max_ngram_order));
}

BleuStatistics BleuCounter::count(std::string_view hypothesis) {
  const std::vector<std::uint64_t> tokens = token_hashes(hypothesis, options_);
  const auto orders = static_cast<std::size_t>(options_.max_ngram_order);
  BleuStatistics statistics;
  statistics.hypothesis_length = static_cast<std::int64_t>(tokens.size());
  std::int64_t nearest = -1;
  for (const std::int64_t length : reference_lengths_) {
    const std::int64_t distance = std::abs(length - statistics.hypothesis_length);
    if (nearest >= 0 && (distance > nearest || (distance == nearest && length > statistics.reference_length))) continue;
    nearest = distance;
    statistics.reference_length = length;
  }
  for (std::size_t n = 0; n < orders; ++n) statistics.totals[n] = ngrams_of_order(tokens.size(), n + 1);
  trie_.count_matches(tokens, std::span(statistics.matches).first(orders));
  return statistics;
}

void WeightedBleuStatistics::add(const BleuStatistics& statistics, double weight) {
  hypothesis_length += weight * static_cast<double>(statistics.hypothesis_length);
  reference_length += weight * static_cast<double>(statistics.reference_length);
  for (std::size_t n = 0; n < kMaxBleuOrder; ++n) {
    matches[n] += weight * static_cast<double>(statistics.matches[n]);
    totals[n] += weight * static_cast<double>(statistics.totals[n]);
  }
}

BleuScore bleu_score(const BleuStatistics& statistics, const BleuOptions& options) {
  WeightedBleuStatistics once;
  once.add(statistics, 1);
  return bleu_score(once, options);
}

BleuScore bleu_score(const WeightedBleuStatistics& statistics, const BleuOptions& options) {
  const auto orders = static_cast<std::size_t>(options.max_ngram_order);
  BleuScore result;
  result.hypothesis_length = std::llround(statistics.hypothesis_length);
  result.reference_length = std::llround(statistics.reference_length);
  result.brevity_penalty = brevity_penalty(statistics.hypothesis_length, statistics.reference_length);
  result.matches.assign(statistics.matches.begin(), statistics.matches.begin() + options.max_ngram_order);
  result.totals.assign(statistics.totals.begin(), statistics.totals.begin() + options.max_ngram_order);
  result.precisions.assign(orders, 0.0);
  bool any_match = false;
  for (const double matches : result.matches) any_match = any_match || matches > 0;
  if (!any_match) return result;  // whatever the smoothing: nothing was right

  std::size_t used_orders = orders;
  double halving = 1;
  for (std::size_t n = 0; n < orders; ++n) {
    if (options.smooth_method == Smoothing::kAddK && n > 0) {
      result.matches[n] += smoothing_value(options);
      result.totals[n] += smoothing_value(options);
    }
    if (result.totals[n] == 0) break;
    if (options.effective_order) used_orders = n + 1;
    double matches = result.matches[n];
    if (matches == 0 && options.smooth_method == Smoothing::kExp) matches = 1 / (halving *= 2);
    if (matches == 0 && options.smooth_method == Smoothing::kFloor) matches = smoothing_value(options);
    result.precisions[n] = 100 * matches / result.totals[n];
  }
  double log_sum = 0;
  for (std::size_t n = 0; n < used_orders; ++n) {
    log_sum += result.precisions[n] == 0 ? kLogOfZero : std::log(result.precisions[n]);
  }
  result.score = result.brevity_penalty * std::exp(log_sum / static_cast<double>(used_orders));
  return result;
}

std::vector<BleuStatistics> bleu_statistics(std::span<const std::string> hypotheses,
                                            std::span<const References> references, const BleuOptions& options) {
  check_references(hypotheses.size(), references);
  std::vector<BleuStatistics> statistics(hypotheses.size());
  const std::size_t pieces = (hypotheses.size() + kPiece - 1) / kPiece;
  ThreadPool pool(pieces < kPiecesForThreads ? 1 : available_processors());
  pool.run(pieces, [&](std::size_t piece, std::size_t) {
    BleuCounter counter(options);
    for (std::size_t i = piece * kPiece; i < std::min(hypotheses.size(), (piece + 1) * kPiece); ++i) {
      counter.set_references(references[i]);
      statistics[i] = counter.count(hypotheses[i]);
    }
  });
  return statistics;
}

BleuScore corpus_bleu(std::span<const std::string> hypotheses, std::span<const References> references,
                      const BleuOptions& options) {
  BleuStatistics sum;
  for (const BleuStatistics& sentence : bleu_statistics(hypotheses, references, options)) sum += sentence;
  return bleu_score(sum, options);
}

BleuScore sentence_bleu(std::string_view hypothesis, std::span<const std::string> references,
                        const BleuOptions& options) {
  if (references.empty()) throw InputError("the sentence has no reference");
  BleuCounter counter(options);
  counter.set_references(references);
  return bleu_score(counter.count(hypothesis), options);
}

std::string bleu_signature(const BleuOptions& options, std::string_view reference_count) {
  std::string smoothing(name_of(options.smooth_method));
  if (takes_value(options.smooth_method)) smoothing += fmt::format("[{:.2f}]", smoothing_value(options));
  const std::string order = options.max_ngram_order == 4 ? "" : fmt::format("|order:{}", options.max_ngram_order);
  return fmt::format("nrefs:{}|case:{}|eff:{}|tok:{}|smooth:{}{}|version:isthmus-{}", reference_count,
                     options.lowercase ? "lc" : "mixed", options.effective_order ? "yes" : "no",
                     name_of(options.tokenize), smoothing, order, ISTHMUS_VERSION);
}

}  // namespace isthmus
