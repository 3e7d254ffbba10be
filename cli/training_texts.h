// The texts that a run learns from and is held against, and how they are known again.
#pragma once

#include <string>

#include "corpora/parallel_text.h"
#include "ledger/rows.h"

namespace isthmus::cli {

/// Parallel text with a hash of the lines of each side.
struct HashedText {
  ParallelText text;
  std::string source_hash;
  std::string target_hash;
};

struct TrainingTexts {
  HashedText train;
  HashedText valid;  ///< may be empty

  /// The number of pairs and the hashes, as JSON.
  std::string identity() const;
};

/// Reads both; `valid.source` may be empty. Throws InputError, also for text without lines.
TrainingTexts read_training_texts(const ParallelInput& train, const ParallelInput& valid);

/// What the ledger keeps of a text.
CorpusRow corpus_row(const std::string& split, const HashedText& text);

}  // namespace isthmus::cli
