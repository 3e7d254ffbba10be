#include "evaluation/chrf.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/utf8.h"
#include "evaluation/text.h"

namespace isthmus {
namespace {

/// Stands for a precision, a recall or an F-score that is not defined (eps_smoothing).
constexpr double kEpsilon = 1e-16;

bool is_ascii_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/// Words, with one ASCII punctuation mark cut off: the last character, or else the first.
std::vector<std::uint64_t> word_hashes(std::string_view text) {
  std::vector<std::uint64_t> hashes;
  for (const std::string_view word : split_words(text)) {
    std::size_t cut = 0;
    if (word.size() > 1 && is_ascii_punctuation(word.back())) {
      cut = word.size() - 1;
    } else if (word.size() > 1 && is_ascii_punctuation(word.front())) {
      cut = 1;
    }
    if (cut > 0) hashes.push_back(hash64(word.substr(0, cut)));
    hashes.push_back(hash64(word.substr(cut)));
  }
  return hashes;
}

ChrfTokens chrf_tokens(std::string_view line, const ChrfOptions& options) {
  std::string text = well_formed(line);
  if (options.lowercase) text = lowercase(text);
  ChrfTokens tokens;
  if (options.word_order > 0) tokens.words = word_hashes(text);
  std::string unspaced;
  if (!options.whitespace) {
    for (const std::string_view word : split_words(text)) unspaced += word;
  }
  const std::u32string characters = to_code_points(options.whitespace ? text : unspaced);
  tokens.characters.assign(characters.begin(), characters.end());
  return tokens;
}

double ratio(std::int64_t part, std::int64_t whole, double otherwise) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : otherwise;
}

}  // namespace

void describe(OptionVisitor& visit, ChrfOptions& options) {
  visit.group("chrF");
  visit("chrf-char-order", options.char_order, "longest character n-grams", between(1, kMaxChrfCharOrder));
  visit("chrf-word-order", options.word_order, "longest word n-grams; 2 is chrF++", between(0, kMaxChrfWordOrder));
  visit("chrf-beta", options.beta, "how many times as much as precision recall counts", at_least(1));
  visit("chrf-lowercase", options.lowercase, "ignore case");
  visit("chrf-whitespace", options.whitespace, "count white space as characters");
  visit("chrf-eps-smoothing", options.eps_smoothing,
        "mean of the orders' F-scores, as chrF++.py, not F-score of means");
}

ChrfStatistics& ChrfStatistics::operator+=(const ChrfStatistics& other) {
  for (std::size_t n = 0; n < kOrders; ++n) {
    hypothesis[n] += other.hypothesis[n];
    reference[n] += other.reference[n];
    matches[n] += other.matches[n];
  }
  return *this;
}

void ChrfCounter::set_references(std::span<const std::string> references) {
  used_ = references.size();
  if (references_.size() < used_) references_.resize(used_);
  const auto char_order = static_cast<std::size_t>(options_.char_order);
  const auto word_order = static_cast<std::size_t>(options_.word_order);
  for (std::size_t r = 0; r < used_; ++r) {
    Reference& reference = references_[r];
    reference.tokens = chrf_tokens(references[r], options_);
    reference.characters.clear(reference.tokens.characters.size() * char_order);
    reference.characters.add_reference(reference.tokens.characters, static_cast<int>(char_order));
    reference.words.clear(reference.tokens.words.size() * word_order);
    reference.words.add_reference(reference.tokens.words, static_cast<int>(word_order));
  }
}

ChrfStatistics ChrfCounter::compare(const ChrfTokens& hypothesis, Reference& reference) const {
  ChrfStatistics statistics;
  const auto take = [&](std::span<const std::uint64_t> ours, std::span<const std::uint64_t> theirs, NgramTrie& trie,
                        std::size_t first, std::int64_t orders) {
    const auto count = static_cast<std::size_t>(orders);
    for (std::size_t n = 0; n < count; ++n) {
      statistics.reference[first + n] = ngrams_of_order(theirs.size(), n + 1);
      if (statistics.reference[first + n] > 0) statistics.hypothesis[first + n] = ngrams_of_order(ours.size(), n + 1);
    }
    trie.count_matches(ours, std::span(statistics.matches).subspan(first, count));
  };
  take(hypothesis.characters, reference.tokens.characters, reference.characters, 0, options_.char_order);
  take(hypothesis.words, reference.tokens.words, reference.words, static_cast<std::size_t>(options_.char_order),
       options_.word_order);
  return statistics;
}

ChrfStatistics ChrfCounter::count(std::string_view hypothesis) {
  const ChrfTokens tokens = chrf_tokens(hypothesis, options_);
  ChrfStatistics best;
  double best_score = -1;
  for (Reference& reference : std::span(references_).first(used_)) {
    const ChrfStatistics statistics = compare(tokens, reference);
    const double score = chrf_score(statistics, options_);
    if (score <= best_score) continue;
    best_score = score;
    best = statistics;
  }
  return best;
}

double chrf_score(const ChrfStatistics& statistics, const ChrfOptions& options) {
  const auto orders = static_cast<std::size_t>(options.char_order + options.word_order);
  const double factor = static_cast<double>(options.beta * options.beta);
  const auto f_score = [factor](double precision, double recall) {
    return (1 + factor) * precision * recall / (factor * precision + recall);
  };
  double f_sum = 0;
  double precision_sum = 0;
  double recall_sum = 0;
  int effective_orders = 0;
  for (std::size_t n = 0; n < orders; ++n) {
    const double precision = ratio(statistics.matches[n], statistics.hypothesis[n], kEpsilon);
    const double recall = ratio(statistics.matches[n], statistics.reference[n], kEpsilon);
    f_sum += factor * precision + recall > 0 ? f_score(precision, recall) : kEpsilon;
    if (statistics.hypothesis[n] == 0 || statistics.reference[n] == 0) continue;
    precision_sum += precision;
    recall_sum += recall;
    ++effective_orders;
  }
  if (options.eps_smoothing) return 100 * f_sum / static_cast<double>(orders);
  if (precision_sum + recall_sum == 0) return 0;
  return 100 * f_score(precision_sum / effective_orders, recall_sum / effective_orders);
}

std::vector<ChrfStatistics> chrf_statistics(std::span<const std::string> hypotheses,
                                            std::span<const References> references, const ChrfOptions& options) {
  check_references(hypotheses.size(), references);
  ChrfCounter counter(options);
  std::vector<ChrfStatistics> statistics;
  statistics.reserve(hypotheses.size());
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    counter.set_references(references[i]);
    statistics.push_back(counter.count(hypotheses[i]));
  }
  return statistics;
}

double corpus_chrf(std::span<const std::string> hypotheses, std::span<const References> references,
                   const ChrfOptions& options) {
  ChrfStatistics sum;
  for (const ChrfStatistics& sentence : chrf_statistics(hypotheses, references, options)) sum += sentence;
  return chrf_score(sum, options);
}

double sentence_chrf(std::string_view hypothesis, std::span<const std::string> references, const ChrfOptions& options) {
  if (references.empty()) throw InputError("the sentence has no reference");
  ChrfCounter counter(options);
  counter.set_references(references);
  return chrf_score(counter.count(hypothesis), options);
}

std::string chrf_name(const ChrfOptions& options) {
  return fmt::format("chrF{}{}", options.beta, std::string(static_cast<std::size_t>(options.word_order), '+'));
}

std::string chrf_signature(const ChrfOptions& options, std::string_view reference_count) {
  return fmt::format("nrefs:{}|case:{}|eff:{}|nc:{}|nw:{}|space:{}|version:isthmus-{}", reference_count,
                     options.lowercase ? "lc" : "mixed", options.eps_smoothing ? "no" : "yes", options.char_order,
                     options.word_order, options.whitespace ? "yes" : "no", ISTHMUS_VERSION);
}

}  // namespace isthmus
