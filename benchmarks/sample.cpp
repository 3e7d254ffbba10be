#include "benchmarks/sample.h"

#include <algorithm>
#include <cmath>

namespace isthmus::bench {
namespace {

Sentence random_sentence(Index length, Random& random) {
  Sentence sentence(static_cast<std::size_t>(length));
  for (TokenId& piece : sentence) {
    // Zipf's law: the probability of the r-th most frequent piece is as 1/r.
    const double rank = std::pow(static_cast<double>(kVocabulary - kSpecialTokens), random.uniform());
    piece = kSpecialTokens + static_cast<TokenId>(rank) - 1;
  }
  return sentence;
}

}  // namespace

Matrix<float> random_matrix(Index rows, Index columns, Random random) {
  return Matrix<float>::NullaryExpr(rows, columns, [&] { return static_cast<float>(0.1 * random.normal()); });
}

std::vector<Index> sentence_lengths(std::size_t count, Random random) {
  std::vector<Index> lengths(count);
  for (Index& length : lengths) {
    length =
        std::clamp<Index>(static_cast<Index>(std::lround(std::exp(std::log(12.0) + 0.4 * random.normal()))), 3, 50);
  }
  return lengths;
}

std::vector<Sentence> random_sentences(std::size_t count, Random random) {
  std::vector<Sentence> sentences;
  for (const Index length : sentence_lengths(count, random.split(0))) {
    sentences.push_back(random_sentence(length, random));
  }
  return sentences;
}

TokenPairs random_pairs(std::size_t count, Random random) {
  TokenPairs pairs;
  for (const Index length : sentence_lengths(count, random.split(0))) {
    const double ratio = 0.8 + 0.4 * random.uniform();
    const Sentence source = random_sentence(length, random);
    pairs.add(source, random_sentence(std::lround(ratio * static_cast<double>(length)), random));
  }
  return pairs;
}

Packing batch_packing(Index sentences, Random random) {
  std::vector<Index> lengths = sentence_lengths(static_cast<std::size_t>(sentences), random);
  std::sort(lengths.begin(), lengths.end(), std::greater<>());
  return Packing::of_lengths(lengths);
}

ModelOptions with_vocabulary(ModelOptions base) {
  base.source_vocabulary = kVocabulary;
  base.target_vocabulary = kVocabulary;
  return base;
}

Arena<float> initial_values(const Layout& layout) {
  Arena<float> values(layout);
  initialise(Random(1), values);
  return values;
}

ProductSizes product_sizes(const Layout& layout) {
  ProductSizes sizes;
  for (const TensorInfo& tensor : layout.tensors()) {
    if (!tensor.name.ends_with("weights")) continue;  // biases are added, embeddings looked up
    (tensor.name.starts_with("encoder.") ? sizes.source : sizes.target) +=
        static_cast<double>(tensor.rows * tensor.columns);
  }
  return sizes;
}

}  // namespace isthmus::bench
