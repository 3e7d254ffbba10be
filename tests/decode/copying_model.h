// A translation model that repeats what it is given.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "decode/translation_model.h"
#include "tests/decode/table_model.h"

namespace isthmus::testing {

/// Letters, and all else in bytes; nothing is unknown and nothing is changed.
inline Tokenizer letters() {
  TokenizerOptions options;
  options.type = TokenizerType::kChar;
  options.character_coverage = 1.0;
  options.byte_fallback = true;
  options.vocabulary_size = 400;
  options.normalization = Normalization::kIdentity;
  return Tokenizer::train(options, std::vector<std::string>{"abcdefghijklmnopqrstuvwxyz .,ABC"});
}

/// Repeats its source and is nearly sure of it. What else it holds for possible depends on the source.
inline Table copying(TokenId vocabulary) {
  return [vocabulary](const Sentence& source, const Sentence& prefix) {
    std::vector<double> weights(static_cast<std::size_t>(vocabulary), 1e-4);
    const TokenId next = prefix.size() < source.size() ? source[prefix.size()] : kEnd;
    weights[static_cast<std::size_t>(next)] = 10.0;
    weights[static_cast<std::size_t>(3 + (source.size() * 7 + prefix.size()) % 20)] += 0.5;
    return normalised(weights);
  };
}

inline TranslationModel copying_model() {
  const Tokenizer tokenizer = letters();
  const auto size = static_cast<TokenId>(tokenizer.size());
  return {tokenizer, tokenizer, [size] { return std::make_unique<TableModel>(size, copying(size)); }};
}

}  // namespace isthmus::testing
