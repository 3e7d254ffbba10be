// Quality of sentences in buckets, beside that of other sentences of the same lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/chrf.h"

namespace isthmus {

/// A translated sentence, in a bucket of what is studied.
struct BucketedSentence {
  std::size_t bucket = 0;
  double value = 0;         ///< what the buckets are of
  std::int64_t length = 1;  ///< words of the source
  BleuStatistics bleu = {};
  ChrfStatistics chrf = {};
};

/// Of a bucket. The sentences of other buckets are its control: weighted so that their lengths, in classes of
/// kLengthClass words, are distributed as those of the bucket. Sentences of a length that no other bucket has are not
/// compared. NaN where there is nothing.
struct BucketQuality {
  std::int64_t sentences = 0;
  double mean_value = 0, mean_length = 0;
  double bleu = 0, chrf = 0;
  std::int64_t compared = 0;                        ///< sentences with a length that others have
  double matched_value = 0;                         ///< mean value of the control
  double matched_bleu = 0, matched_chrf = 0;        ///< of the control
  double bleu_difference = 0, chrf_difference = 0;  ///< of the compared sentences to the control
  double value_difference = 0;
};

inline constexpr std::int64_t kLengthClass = 3;

/// Of the sentences with the numbers of `sample`, which may repeat; one for each of `buckets` buckets.
std::vector<BucketQuality> matched_quality(std::span<const BucketedSentence> sentences,
                                           std::span<const std::size_t> sample, std::size_t buckets,
                                           const BleuOptions& bleu);

}  // namespace isthmus
