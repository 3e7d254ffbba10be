// A model and a text on the bench, and the instruments that studies share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.h"
#include "core/random.h"
#include "core/threads.h"
#include "decode/hypothesis.h"
#include "decode/load_translation_model.h"
#include "decode/search_options.h"

namespace isthmus {

/// Source and reference, line by line, and the model's own translations of them.
struct LaboratoryText {
  std::vector<std::string> sources = {};
  std::vector<std::string> references = {};
  std::vector<std::string> hypotheses = {};  ///< empty unless a study asks for them
};

struct LaboratoryOptions {
  std::int64_t threads = 1;
  std::int64_t batch = 64;                ///< sentences that are run together; no effect on results beyond rounding
  std::int64_t max_source_length = 1000;  ///< pieces of a source that are read; of a reference as many
};

/// −log p of each piece of a sentence and of its end, in nats.
using TokenLosses = std::vector<float>;

/// Gives studies what they all need: pieces, contexts, the losses of targets under any contexts, translations from any
/// contexts. What it computes is kept, so that the next study has it for nothing. The context vector of a sentence is a
/// column of Context::state: the hidden states of all layers and, of an LSTM, its memory cells; with attention the
/// decoder has the annotations besides, which go with the sentence.
///
/// One thread at a time calls; the work is dealt out to threads. Throws Interrupted when interrupted() becomes true.
class Laboratory {
 public:
  /// Throws InputError when the text is empty, or sides have different numbers of lines.
  Laboratory(std::shared_ptr<const LoadedModel> model, LaboratoryText text, const LaboratoryOptions& options);

  const LoadedModel& model() const { return *model_; }
  const Seq2Seq<float>& network() const { return *model_->file.model; }
  const Arena<float>& values() const { return *model_->file.values; }

  /// Sentence i is line i + 1. Lines may be empty.
  std::size_t size() const { return text_.sources.size(); }
  const std::vector<std::string>& source_lines() const { return text_.sources; }
  const std::vector<std::string>& reference_lines() const { return text_.references; }
  const std::vector<std::string>& hypotheses() const { return text_.hypotheses; }
  /// Pieces, without ends.
  const std::vector<Sentence>& sources() const { return sources_; }
  const std::vector<Sentence>& references() const { return references_; }

  /// Of the text's sources.
  const Context<float>& contexts();
  /// Of any sentences; column i is sentence i.
  Context<float> encode(std::span<const Sentence> sentences) { return encode(sentences, values()); }
  /// By an encoder of the same shape with other weights.
  Context<float> encode(std::span<const Sentence> sentences, const Arena<float>& weights);

  /// Losses of targets given contexts, a column each. As many lists as targets.
  std::vector<TokenLosses> losses(const Context<float>& contexts, std::span<const Sentence> targets);
  /// Of the text's references given its contexts.
  const std::vector<TokenLosses>& losses();

  /// The best translation from each context. `source_lengths`, in pieces, bound the lengths as in any search.
  std::vector<Hypothesis> translate(const Context<float>& contexts, std::span<const std::size_t> source_lengths,
                                    const SearchOptions& search);
  /// Lengths of the text's sources, in pieces.
  std::vector<std::size_t> source_lengths() const;
  std::string text_of(const Hypothesis& hypothesis) const { return model_->target.decode(hypothesis.tokens); }

  ThreadPool& threads() { return threads_; }
  std::size_t batch() const { return static_cast<std::size_t>(options_.batch); }

  /// A bar for the study that begins: so many steps of any kind, which advance() counts. advance() is called from the
  /// calling thread.
  void begin(const std::string& task, std::int64_t steps);
  void advance(std::int64_t steps = 1);
  void end() { progress_.reset(); }

 private:
  std::shared_ptr<const LoadedModel> model_;
  LaboratoryText text_;
  LaboratoryOptions options_;
  std::vector<Sentence> sources_;
  std::vector<Sentence> references_;
  ThreadPool threads_;
  std::vector<Scratch<float>> scratch_;  // by worker
  std::optional<Context<float>> contexts_;
  std::optional<std::vector<TokenLosses>> losses_;
  std::optional<Progress> progress_;
  std::int64_t done_ = 0;
};

/// Hidden states and memory cells of contexts, one above the other: a column is a context vector. And the way back,
/// into a copy of `like`.
Matrix<float> vectors_of(const Context<float>& contexts);
Context<float> with_vectors(const Context<float>& like, const Matrix<float>& vectors);

/// Each number the mean over all columns: the context that knows nothing of a sentence. As many columns.
Context<float> mean_context(const Context<float>& contexts);

}  // namespace isthmus
