// The texts that a run learns from and is held against, and how they are known again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "corpora/streamed_text.h"
#include "ledger/rows.h"
#include "tokenizer/tokenizer_options.h"

namespace isthmus::cli {

/// Lines that a vocabulary is learned from.
struct LineSample {
  std::vector<std::string> source, target;
};

/// The training text is not held: it was read once, and can be read again. The held-out text is.
struct TrainingTexts {
  StreamedText train;
  TextIdentity train_identity;
  LineSample sample;   ///< of the training text
  ParallelText valid;  ///< may be empty
  TextIdentity valid_identity;

  /// The number of pairs and the hashes, as JSON.
  std::string identity() const;
};

struct TextFiles {
  ParallelInput train;
  ParallelInput valid;         ///< `valid.source` may be empty
  std::string scratch_folder;  ///< for a copy of what can be read only once
};

/// Reads both, and draws the lines that `tokenizer`, if any, is to be trained on. Throws InputError, also for text
/// without lines, and Interrupted.
TrainingTexts read_training_texts(const TextFiles& files, const TokenizerOptions* tokenizer);

/// What the ledger keeps of a text.
CorpusRow corpus_row(const std::string& split, const std::string& name, const TextIdentity& text);

}  // namespace isthmus::cli
