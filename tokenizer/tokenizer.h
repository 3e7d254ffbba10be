// Text to pieces and back. SentencePiece does the work; its headers appear in tokenizer.cpp alone.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"
#include "tokenizer/tokenizer_options.h"

namespace isthmus {

/// A trained SentencePiece model (Kudo & Richardson 2018, 1808.06226). The special pieces have the numbers of
/// core/types.h: unknown 0, begin 1, end 2, and there is no padding.
///
/// Immutable: copies are cheap and share the model, and any number of threads may use one at once.
class Tokenizer {
 public:
  enum class Log { kQuiet, kShow };

  /// Learns the pieces from lines of text. The same lines give the same bytes, on any machine and in any number of
  /// runs. max_sentences is obeyed; a caller whose text does not fit into memory samples with TrainingText instead.
  /// A text too small for the vocabulary asked for gets the largest it supports, with a warning. Throws InputError for
  /// a text without characters and for a vocabulary too small to hold the text's characters. kShow lets SentencePiece's
  /// own report through to stderr.
  static Tokenizer train(const TokenizerOptions& options, std::span<const std::string> lines, Log log = Log::kQuiet);

  /// A model that bytes() returned. Throws InputError, which names `origin`, for anything else.
  static Tokenizer from_bytes(std::string bytes, std::string_view origin);

  /// Serialised model, in the format of SentencePiece's own `.model` files.
  const std::string& bytes() const;

  /// Pieces in the vocabulary.
  std::size_t size() const;
  /// Text of a piece, with U+2581 for a space. 0 ≤ id < size().
  const std::string& piece(TokenId id) const;
  /// Number of a piece, kUnknown if there is none.
  TokenId id_of(std::string_view piece) const;

  /// The first `most` pieces of a line. Takes any bytes; ill-formed UTF-8 is read as U+FFFD. No begin or end is added.
  /// Empty for text of nothing but space. A line of more than 64 KiB is encoded in parts, cut at a space where there is
  /// one, so that the memory beside the result does not grow with it, and no further than `most` asks.
  Sentence encode(std::string_view line, std::size_t most = std::numeric_limits<std::size_t>::max()) const;
  /// The same, as text of the pieces; characters without a piece stand for themselves.
  std::vector<std::string> encode_as_pieces(std::string_view line) const;

  /// One line of well-formed UTF-8: a newline spelled in bytes becomes a space. Begin and end vanish, unknown becomes "
  /// ⁇ ". Throws std::out_of_range for a number that is no piece's.
  std::string decode(std::span<const TokenId> tokens) const;
  /// Inverse of encode_as_pieces. Text that is no piece is kept as it is.
  std::string decode_pieces(const std::vector<std::string>& pieces) const;

  /// Whether encode_sampled works: unigram and BPE.
  bool can_sample() const;

  /// Subword regularisation: each line cut in a random way, the same for the same lines, alpha and seed. Unigram:
  /// p(cut) ∝ p(cut)^alpha over all cuts, alpha > 0, usual 0.1 to 0.5, smaller is more random (Kudo 2018, 1804.10959).
  /// BPE: alpha is the share of merges that are skipped, 0 < alpha < 1, usual 0.1 (Provilkov, Emelianenko & Voita 2020,
  /// 1910.13267). Throws InputError for char and word, which know one cut only. Calls are serialised: SentencePiece's
  /// seed is one for the process.
  std::vector<Sentence> encode_sampled(std::span<const std::string> lines, double alpha, std::uint64_t seed) const;

 private:
  struct Impl;
  explicit Tokenizer(std::shared_ptr<const Impl> impl);

  std::shared_ptr<const Impl> impl_;
};

/// The tokenizers of a translation model. Joint: copies of one.
struct TokenizerPair {
  Tokenizer source;
  Tokenizer target;
};

/// options.joint: one vocabulary from both texts; otherwise one from each.
TokenizerPair train_tokenizers(const TokenizerOptions& options, std::span<const std::string> source,
                               std::span<const std::string> target);

}  // namespace isthmus
