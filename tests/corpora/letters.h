// Tokenizers whose pieces are letters: "ab" is three pieces, a space's mark and two letters.
#pragma once

#include "tokenizer/tokenizer.h"

namespace isthmus::testing {

inline const TokenizerPair& letters() {
  static const TokenizerPair kPair = [] {
    TokenizerOptions options;
    options.type = TokenizerType::kChar;
    options.character_coverage = 1.0;
    const std::vector<std::string> text = {"abcdefghijklmnopqrstuvwxyz 0123456789"};
    return train_tokenizers(options, text, text);
  }();
  return kPair;
}

}  // namespace isthmus::testing
