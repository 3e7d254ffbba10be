// How a tokenizer is trained.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"

namespace isthmus {

enum class TokenizerType { kUnigram, kBpe, kChar, kWord };
template <>
struct EnumNames<TokenizerType> {
  static constexpr std::string_view names[] = {"unigram", "bpe", "char", "word"};
};

/// What happens to text before it is cut. All but identity also trim spaces and turn runs of them into one.
enum class Normalization { kNmtNfkc, kNfkc, kNmtNfkcCf, kNfkcCf, kIdentity };
template <>
struct EnumNames<Normalization> {
  static constexpr std::string_view names[] = {"nmt_nfkc", "nfkc", "nmt_nfkc_cf", "nfkc_cf", "identity"};
};

struct TokenizerOptions {
  /// unigram: Kudo 2018 (1804.10959); bpe: Sennrich, Haddow & Birch 2016 (1508.07909).
  TokenizerType type = TokenizerType::kUnigram;
  /// Pieces, the three special ones included. An upper bound: a text too small for it gets what it supports.
  std::int64_t vocabulary_size = 8000;
  /// One vocabulary for source and target; needed to share their embeddings.
  bool joint = true;
  /// Share of the text's characters that get a piece; the rarest others are unknown, or bytes with byte_fallback.
  double character_coverage = 0.9995;
  /// Characters without a piece are spelled in 256 pieces of one byte each, so that nothing is unknown.
  bool byte_fallback = false;
  /// Never cut, never merged with what surrounds them.
  std::vector<std::string> user_symbols;
  /// nmt_nfkc is what Marian and most recipes use. It is not reversible ("…" comes back as "...", full-width forms as
  /// half-width); identity is, for text whose characters all have a piece.
  Normalization normalization = Normalization::kNmtNfkc;
  /// Lines to learn from, drawn evenly from all (always the same ones); 0 is no limit. Of a pair of texts, half of them
  /// from each. SentencePiece takes about 1.4 kB of memory for each.
  std::int64_t max_sentences = 100000;
};

/// All options of one tokenizer: all but `joint`.
void describe_pieces(OptionVisitor& visit, TokenizerOptions& options);

/// All options of a translation model's tokenizers.
void describe(OptionVisitor& visit, TokenizerOptions& options);

}  // namespace isthmus
