// Scores on held-out text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "corpora/pair_encoder.h"
#include "distributed/communicator.h"
#include "evaluation/bleu.h"
#include "model/seq2seq.h"
#include "tokenizer/tokenizer.h"
#include "training/gradient_workers.h"
#include "training/observer.h"

namespace isthmus {

/// The held-out pairs that have a loss. Throws InputError when there is none.
TokenPairs held_out_pairs(const ParallelText& text, const TokenizerPair& tokenizers, const EncodingLimits& limits,
                          ThreadPool& threads);

/// What is held out, and how it is cut.
struct HeldOutText {
  const ParallelText& text;
  EncodingLimits encoding;
  BatchLimits batches;  ///< of one thread
};

/// Measures the loss on held-out pairs, and BLEU and chrF of their greedy translations on detokenised text.
class Validator {
 public:
  /// Throws InputError when no pair of the text can be used.
  Validator(const Seq2Seq<float>& model, const TokenizerPair& tokenizers, const HeldOutText& held_out,
            const ValidationOptions& options, ThreadPool& threads, Communicator& world);

  /// The scores, the length ratio, the seconds and a sample; the rest of the report is the trainer's. `update` chooses
  /// the sample. The ranks share the work, and all get the report. Throws Interrupted on all when one is interrupted.
  ValidationReport validate(const Arena<float>& values, std::int64_t update, GradientWorkers& workers) const;

 private:
  /// Of all sources, on all ranks.
  std::vector<std::string> translations(const Arena<float>& values) const;

  const Seq2Seq<float>& model_;
  const TokenizerPair& tokenizers_;
  std::vector<Batch> batches_;
  std::vector<std::string> sources_;
  std::vector<std::string> references_;
  std::string source_name_;
  BleuOptions bleu_;
  std::int64_t threads_;
  Communicator& world_;
};

}  // namespace isthmus
