// BLEU (Papineni et al. 2002, https://aclanthology.org/P02-1040), number for number the same as sacreBLEU 2.6.0
// (Post 2018, https://aclanthology.org/W18-6319), on raw detokenised text.
//
// Corpus BLEU is a function of the sum of the sentences' statistics, so whoever keeps the statistics can score any part
// of a corpus, or a bootstrap resample of it, without seeing the text again:
//
//   bleu_score(sum of bleu_statistics(...), options) == corpus_bleu(...)
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "evaluation/metric_tokenizers.h"
#include "evaluation/ngram_trie.h"
#include "evaluation/references.h"

namespace isthmus {

/// What stands for the precision of an order without a match (Chen and Cherry 2014, https://aclanthology.org/W14-3346).
enum class Smoothing {
  kExp,    ///< method 3, of mteval: half of a match, then a quarter, an eighth, …
  kFloor,  ///< method 1: smooth_value matches
  kAddK,   ///< method 2: smooth_value more matches and more n-grams, for n > 1
  kNone
};

template <>
struct EnumNames<Smoothing> {
  static constexpr std::string_view names[] = {"exp", "floor", "add-k", "none"};
};

inline constexpr int kMaxBleuOrder = 8;

struct BleuOptions {
  MetricTokenizer tokenize = MetricTokenizer::k13a;
  bool lowercase = false;
  Smoothing smooth_method = Smoothing::kExp;
  double smooth_value = -1;          ///< for floor and add-k; below 0: the method's own, 0.1 or 1
  bool effective_order = false;      ///< leave out orders that the hypothesis is too short for; meant for sentences
  std::int64_t max_ngram_order = 4;  ///< 1..kMaxBleuOrder
};

void describe(OptionVisitor& visit, BleuOptions& options);

/// The options that make sense of a sentence on its own: those given, with effective_order.
BleuOptions sentence_options(BleuOptions options);

/// All that BLEU needs to know of one sentence or, summed, of many. Orders above max_ngram_order stay 0.
struct BleuStatistics {
  std::int64_t hypothesis_length = 0;  ///< in tokens
  std::int64_t reference_length = 0;   ///< of the reference whose length is nearest, the shorter one of two
  std::array<std::int64_t, kMaxBleuOrder> matches{};
  std::array<std::int64_t, kMaxBleuOrder> totals{};  ///< n-grams in the hypothesis

  BleuStatistics& operator+=(const BleuStatistics& other);
  friend BleuStatistics operator+(BleuStatistics a, const BleuStatistics& b) { return a += b; }
  friend bool operator==(const BleuStatistics&, const BleuStatistics&) = default;
};

/// The same of weighted sentences.
struct WeightedBleuStatistics {
  double hypothesis_length = 0;
  double reference_length = 0;
  std::array<double, kMaxBleuOrder> matches{};
  std::array<double, kMaxBleuOrder> totals{};

  void add(const BleuStatistics& statistics, double weight);
};

struct BleuScore {
  double score = 0;                ///< 0..100
  std::vector<double> precisions;  ///< in percent, smoothed, one for each order
  std::vector<double> matches;     ///< with what add-k adds
  std::vector<double> totals;      ///< the same
  double brevity_penalty = 0;      ///< 0..1
  std::int64_t hypothesis_length = 0;
  std::int64_t reference_length = 0;

  /// Hypothesis by reference length; 0 for an empty reference.
  double length_ratio() const;
  /// "72.7/59.0/53.6/52.2 (BP = 0.896 ratio = 0.901 hyp_len = 282 ref_len = 313)", as sacreBLEU prints it.
  std::string details() const;
  /// "BLEU = 52.74 " and the details.
  std::string text() const;
};

/// Takes the statistics of sentences. The references are tokenised once for any number of hypotheses, which is what
/// sampling many candidates needs. Not thread-safe: one object for each thread.
class BleuCounter {
 public:
  explicit BleuCounter(const BleuOptions& options) : options_(options) {}

  void set_references(std::span<const std::string> references);
  BleuStatistics count(std::string_view hypothesis);

 private:
  BleuOptions options_;
  NgramTrie trie_;
  std::vector<std::int64_t> reference_lengths_;
};

BleuScore bleu_score(const BleuStatistics& statistics, const BleuOptions& options);
/// The lengths of the result are rounded.
BleuScore bleu_score(const WeightedBleuStatistics& statistics, const BleuOptions& options);

/// One element for each sentence. Long texts are counted on all processors, which changes nothing. Throws InputError as
/// check_references does; so do the two below.
std::vector<BleuStatistics> bleu_statistics(std::span<const std::string> hypotheses,
                                            std::span<const References> references, const BleuOptions& options);

BleuScore corpus_bleu(std::span<const std::string> hypotheses, std::span<const References> references,
                      const BleuOptions& options = {});

/// The mean of these over a corpus is not corpus BLEU.
BleuScore sentence_bleu(std::string_view hypothesis, std::span<const std::string> references,
                        const BleuOptions& options = sentence_options({}));

/// "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:isthmus-0.1.0": sacreBLEU's but for the version, and with
/// "|order:N" where N is not 4. `reference_count` is that of references.h.
std::string bleu_signature(const BleuOptions& options, std::string_view reference_count);

/// The tokens of a line as this BLEU counts them, with single spaces between them.
std::string bleu_tokens(std::string_view line, const BleuOptions& options);

}  // namespace isthmus
