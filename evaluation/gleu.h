// GLEU (Wu et al. 2016, https://arxiv.org/abs/1609.08144, section 4.3): a score of single sentences, meant as a reward.
#pragma once

#include "evaluation/bleu.h"

namespace isthmus {

inline constexpr int kGleuOrder = 4;

/// The lower one of precision and recall of the n-grams of orders 1..4 taken together, in 0..1; 0 where neither side
/// has any. The statistics are those of one sentence and one reference, with max_ngram_order ≥ 4. Needs no smoothing;
/// hypothesis and reference may change places.
double gleu_score(const BleuStatistics& statistics);

}  // namespace isthmus
