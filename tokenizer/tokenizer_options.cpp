#include "tokenizer/tokenizer_options.h"

#include "core/types.h"

namespace isthmus {

void describe_pieces(OptionVisitor& visit, TokenizerOptions& options) {
  visit.group("Tokenizer");
  visit("tokenizer", options.type, "kind of pieces that text is cut into");
  visit("vocab", options.vocabulary_size, "pieces in a vocabulary, at most; a small text supports fewer",
        between(kSpecialTokens + 1, 1000000));
  visit("character-coverage", options.character_coverage,
        "share of the text's characters that get a piece of their own; 1 for alphabets", {.low = 0.9, .high = 1.0});
  visit("byte-fallback", options.byte_fallback, "spell rare characters in bytes: no piece is unknown");
  visit("user-symbols", options.user_symbols, "strings that are always one piece, e.g. <name>; may be repeated");
  visit("normalization", options.normalization,
        "Unicode normalisation before cutting; _cf also folds case, identity keeps every character");
  visit("tokenizer-sentences", options.max_sentences,
        "lines that the vocabulary is learned from, of a pair of texts half of each; 0 is all", at_least(0));
}

void describe(OptionVisitor& visit, TokenizerOptions& options) {
  describe_pieces(visit, options);
  visit("joint-vocab", options.joint, "one vocabulary for both languages");
}

}  // namespace isthmus
