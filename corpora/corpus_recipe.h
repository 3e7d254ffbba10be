// What an encoded corpus is made of.
#pragma once

#include <cstdint>
#include <string>

#include "corpora/pair_encoder.h"
#include "corpora/streamed_text.h"
#include "tokenizer/tokenizer.h"

namespace isthmus {

/// The same recipe gives the same encoded corpus, byte for byte.
struct CorpusRecipe {
  TextIdentity text;
  std::string source_tokenizer, target_tokenizer;  ///< hashes of their bytes, 32 hexadecimal digits
  std::uint64_t source_vocabulary = 0, target_vocabulary = 0;
  EncodingLimits limits;
  bool keeps_lines = false;  ///< the lines too, to be cut anew

  bool operator==(const CorpusRecipe&) const = default;
};

CorpusRecipe recipe_of(const TextIdentity& text, const TokenizerPair& tokenizers, const EncodingLimits& limits,
                       bool keeps_lines);

/// In what a corpus that was found does not serve where `wanted` is asked for, e.g. "is of another text"; empty when it
/// does. One that keeps lines serves those who do not want them.
std::string difference(const CorpusRecipe& found, const CorpusRecipe& wanted);

}  // namespace isthmus
