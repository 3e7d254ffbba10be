// Small models and batches for the tests of model/.
#pragma once

#include <vector>

#include "core/random.h"
#include "model/seq2seq.h"

namespace isthmus::test {

inline ModelOptions tiny_options() {
  ModelOptions options;
  options.hidden = 4;
  options.embedding = 3;
  options.dropout = 0;
  options.source_vocabulary = 9;
  options.target_vocabulary = 8;
  return options;
}

/// Sentences of 1 … longest words, none special.
inline std::vector<Sentence> random_sentences(std::size_t count, std::size_t longest, Index vocabulary, Random random) {
  std::vector<Sentence> sentences(count);
  for (Sentence& sentence : sentences) {
    sentence.resize(1 + random.below(longest));
    for (TokenId& token : sentence) {
      token =
          kSpecialTokens + static_cast<TokenId>(random.below(static_cast<std::uint64_t>(vocabulary - kSpecialTokens)));
    }
  }
  return sentences;
}

/// Every parameter random, biases and gains too, so that no gradient is hidden by a zero.
template <class S>
Arena<S> random_values(const Layout& layout, Random random, double scale = 0.5) {
  Arena<S> values(layout);
  for (std::size_t i = 0; i < layout.tensors().size(); ++i) {
    auto tensor = values[TensorId{static_cast<int>(i)}];
    for (Index j = 0; j < tensor.size(); ++j) tensor.data()[j] = static_cast<S>(scale * random.normal());
  }
  return values;
}

}  // namespace isthmus::test
