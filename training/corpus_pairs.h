// An encoded corpus as the source of batches.
#pragma once

#include "corpora/encoded_corpus.h"
#include "tokenizer/tokenizer.h"
#include "training/batch_stream.h"
#include "training/training_options.h"

namespace isthmus {

/// Which pairs are trained on, of --max-length and --long-pairs.
EncodingLimits encoding_limits(const TrainingOptions& options);

/// The pairs as they were encoded. The corpus must live as long.
PairSource pairs_of(const EncodedCorpus& corpus);

/// The pairs cut anew each time (Kudo 2018), no longer than the corpus's limits; the corpus must keep its lines, and
/// live as long. A line that sampling leaves no piece of keeps the cut that it was encoded with.
PairSource sampled_pairs_of(const EncodedCorpus& corpus, const TokenizerPair& tokenizers, double alpha);

}  // namespace isthmus
