// chrF (Popović 2015, https://aclanthology.org/W15-3049) and chrF++ (Popović 2017, https://aclanthology.org/W17-4770):
// F-score of character n-grams, for chrF++ also of word n-grams; number for number the same as sacreBLEU 2.6.0.
//
// As with BLEU, the score of a corpus is a function of the sum of its sentences' statistics.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "evaluation/ngram_trie.h"
#include "evaluation/references.h"

namespace isthmus {

inline constexpr int kMaxChrfCharOrder = 12;
inline constexpr int kMaxChrfWordOrder = 4;

struct ChrfOptions {
  std::int64_t char_order = 6;  ///< longest character n-grams
  std::int64_t word_order = 0;  ///< longest word n-grams; 2 is chrF++
  std::int64_t beta = 2;        ///< recall counts beta times as much as precision
  bool lowercase = false;
  bool whitespace = false;     ///< white space counts as characters
  bool eps_smoothing = false;  ///< mean of the orders' F-scores, as chrF++.py, instead of the F-score of the means
};

/// Names begin with "chrf-".
void describe(OptionVisitor& visit, ChrfOptions& options);

/// All that chrF needs to know of one sentence or, summed, of many: for each order, characters first, then words.
struct ChrfStatistics {
  static constexpr std::size_t kOrders = kMaxChrfCharOrder + kMaxChrfWordOrder;
  std::array<std::int64_t, kOrders> hypothesis{};  ///< n-grams in the hypothesis; 0 where the reference has none
  std::array<std::int64_t, kOrders> reference{};   ///< n-grams in the reference that gives the best score
  std::array<std::int64_t, kOrders> matches{};

  ChrfStatistics& operator+=(const ChrfStatistics& other);
  friend ChrfStatistics operator+(ChrfStatistics a, const ChrfStatistics& b) { return a += b; }
  friend bool operator==(const ChrfStatistics&, const ChrfStatistics&) = default;
};

/// A text as chrF counts it.
struct ChrfTokens {
  std::vector<std::uint64_t> characters;  ///< code points
  std::vector<std::uint64_t> words;       ///< hashes; empty unless the options ask for words
};

/// Takes the statistics of sentences; the references are prepared once for any number of hypotheses. Not thread-safe:
/// one object for each thread.
class ChrfCounter {
 public:
  explicit ChrfCounter(const ChrfOptions& options) : options_(options) {}

  void set_references(std::span<const std::string> references);
  ChrfStatistics count(std::string_view hypothesis);

 private:
  struct Reference {
    ChrfTokens tokens;
    NgramTrie characters;
    NgramTrie words;
  };
  ChrfStatistics compare(const ChrfTokens& hypothesis, Reference& reference) const;

  ChrfOptions options_;
  std::vector<Reference> references_;  // grows only, so that the tables are reused
  std::size_t used_ = 0;
};

/// 0..100.
double chrf_score(const ChrfStatistics& statistics, const ChrfOptions& options);

/// One element for each sentence. Throws InputError as check_references does; so do the two below.
std::vector<ChrfStatistics> chrf_statistics(std::span<const std::string> hypotheses,
                                            std::span<const References> references, const ChrfOptions& options);

double corpus_chrf(std::span<const std::string> hypotheses, std::span<const References> references,
                   const ChrfOptions& options = {});

double sentence_chrf(std::string_view hypothesis, std::span<const std::string> references,
                     const ChrfOptions& options = {});

/// "chrF2", "chrF2++", …: beta, and a plus for each word order.
std::string chrf_name(const ChrfOptions& options);

/// "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:isthmus-0.1.0": sacreBLEU's but for the version.
std::string chrf_signature(const ChrfOptions& options, std::string_view reference_count);

}  // namespace isthmus
