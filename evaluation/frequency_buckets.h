// How well systems translate rare and frequent words (as compare-mt does: Neubig et al. 2019,
// https://aclanthology.org/N19-4007).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/numbered_text.h"

namespace isthmus {

/// How often each word of a corpus occurs in some text, by its number in NumberedCorpus::words.
using WordFrequencies = std::vector<std::int64_t>;

/// In the first references.
WordFrequencies reference_frequencies(const NumberedCorpus& corpus);

/// Adds the words of a line of another text, the training text as a rule. Those that the corpus does not have are of no
/// interest. `frequencies` has words.size() elements.
void count_words(std::string_view line, const BleuOptions& options, const WordNumbers& words,
                 WordFrequencies& frequencies);

/// Words of one frequency: how many there are, and in how many both sides agree, clipped in each sentence.
struct WordMatches {
  std::int64_t matches = 0;
  std::int64_t hypothesis = 0;
  std::int64_t reference = 0;

  /// In percent; 0 where there is nothing to divide by.
  double precision() const;
  double recall() const;
  double f1() const;
};

struct FrequencyBucket {
  std::string label;  ///< "0", "5-9", "1000+"
  std::int64_t low = 0;
  std::int64_t high = 0;  ///< the largest number there is, of the last bucket
  std::vector<WordMatches> systems;
};

/// Words that occur 0 times, 1, 2, 3, 4, 5-9, 10-99, 100-999 times and more often. Each sentence is compared with its
/// first reference. Buckets that neither side has a word of are left out.
std::vector<FrequencyBucket> frequency_buckets(const NumberedCorpus& corpus, const WordFrequencies& frequencies);

}  // namespace isthmus
