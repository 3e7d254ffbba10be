// How rare the words of sentences are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/bleu.h"

namespace isthmus {

/// The words of a sentence, as BLEU cuts it.
struct WordUse {
  std::int64_t words = 0;
  std::int64_t rare = 0;  ///< words that were seen fewer than so many times
  double mean_rank = 0;   ///< of a word: 1 + the number of different words that were seen more often; NaN without words
};

/// By line. Frequencies are those in the text of the file `training`; where it is empty, in the other lines. Throws
/// InputError as LineReader does.
std::vector<WordUse> word_use(std::span<const std::string> lines, const std::string& training, std::int64_t rare_below,
                              const BleuOptions& options);

}  // namespace isthmus
