// TER, translation edit rate (Snover et al. 2006, https://aclanthology.org/2006.amta-papers.25): insertions, deletions,
// substitutions and shifts of blocks that make a hypothesis its reference, for each word of that. Lower is better.
// Number for number the same as sacreBLEU 2.6.0's, whose greedy search for shifts follows Tercom's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "evaluation/references.h"

namespace isthmus {

struct TerOptions {
  bool normalized = false;      ///< cut off punctuation, undo &quot; &amp; &lt; &gt;
  bool no_punctuation = false;  ///< leave out . , ? : ; ! " ( )
  bool asian_support = false;   ///< the same for Asian punctuation, and cut at each ideograph
  bool case_sensitive = false;
};

/// Names begin with "ter-".
void describe(OptionVisitor& visit, TerOptions& options);

/// All that TER needs to know of one sentence or, summed, of many.
struct TerStatistics {
  std::int64_t edits = 0;       ///< against the reference that needs the fewest
  double reference_length = 0;  ///< in words, the mean of the references

  TerStatistics& operator+=(const TerStatistics& other);
  friend bool operator==(const TerStatistics&, const TerStatistics&) = default;
};

/// Edits and shifts that make the words of one the words of the other.
std::int64_t translation_edits(std::span<const std::string_view> hypothesis,
                               std::span<const std::string_view> reference);

/// 0 for a perfect corpus; not bounded above. 100 where there are edits and no words in any reference.
double ter_score(const TerStatistics& statistics);

/// One element for each sentence. Throws InputError as check_references does; so does corpus_ter.
std::vector<TerStatistics> ter_statistics(std::span<const std::string> hypotheses,
                                          std::span<const References> references, const TerOptions& options);

double corpus_ter(std::span<const std::string> hypotheses, std::span<const References> references,
                  const TerOptions& options = {});

/// "nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:isthmus-0.1.0": sacreBLEU's but for the version.
std::string ter_signature(const TerOptions& options, std::string_view reference_count);

/// The words of a line as TER counts them, with single spaces between them.
std::string tokenize_tercom(std::string_view line, const TerOptions& options);

}  // namespace isthmus
