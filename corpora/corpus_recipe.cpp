#include "corpora/corpus_recipe.h"

#include "core/hash.h"

namespace isthmus {

CorpusRecipe recipe_of(const TextIdentity& text, const TokenizerPair& tokenizers, const EncodingLimits& limits,
                       bool keeps_lines) {
  return {.text = text,
          .source_tokenizer = hash128_hex(tokenizers.source.bytes()),
          .target_tokenizer = hash128_hex(tokenizers.target.bytes()),
          .source_vocabulary = tokenizers.source.size(),
          .target_vocabulary = tokenizers.target.size(),
          .limits = limits,
          .keeps_lines = keeps_lines};
}

std::string difference(const CorpusRecipe& found, const CorpusRecipe& wanted) {
  if (found.text != wanted.text) return "is of another text";
  if (found.limits != wanted.limits) return "was made with another --max-length or --long-pairs";
  if (!found.keeps_lines && wanted.keeps_lines) return "holds no lines, which --sampling-alpha needs";
  CorpusRecipe rest = found;
  rest.keeps_lines = wanted.keeps_lines;
  return rest == wanted ? "" : "is of another tokenizer";
}

}  // namespace isthmus
