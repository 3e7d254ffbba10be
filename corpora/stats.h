// A parallel corpus in numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "corpora/parallel_text.h"

namespace isthmus {

struct SideStats {
  std::string name;
  std::int64_t lines = 0, empty = 0, bytes = 0;
  std::int64_t characters = 0;                ///< code points
  std::int64_t words = 0;                     ///< between white space
  std::int64_t vocabulary = 0;                ///< different words, without the punctuation at their ends, case kept
  std::int64_t once = 0;                      ///< of these, those seen once
  std::vector<std::uint32_t> words_per_line;  ///< in ascending order
  std::uint32_t longest_line = 0;             ///< number of the line with the most words, from 1; 0: no lines

  double words_mean() const;
  /// The length that a share q of the lines does not exceed.
  std::uint32_t words_quantile(double q) const;
  /// Different words for each word: how rich the text is. Falls with the size of the corpus.
  double type_token_ratio() const;
};

struct CorpusStats {
  SideStats source, target;
  std::vector<float> ratios;  ///< source to target characters of the pairs with text on both sides, ascending

  double ratio_quantile(double q) const;
};

/// Reads a corpus once. Errors as ParallelReader's.
CorpusStats corpus_stats(const ParallelInput& input);

/// A table, a histogram of the lengths and the quantiles of the length ratio.
std::string to_text(const CorpusStats& stats);

}  // namespace isthmus
