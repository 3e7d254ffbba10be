#include "model/embedding.h"

namespace isthmus {

template <class S>
Embedding<S>::Embedding(Layout& layout, const std::string& name, Index size, Index vocabulary)
    : table_(layout.add({.name = name, .rows = size, .columns = vocabulary, .initialiser = Initialiser::kEmbedding})),
      size_(size) {}

template <class S>
Embedding<S>::Embedding(const Layout& layout, TensorId table) : table_(table), size_(layout[table].rows) {}

template <class S>
void Embedding<S>::forward(const Arena<S>& values, std::span<const TokenId> tokens, Buffer<S>& vectors) const {
  const auto table = values[table_];
  vectors.resize(size_, static_cast<Index>(tokens.size()));
  for (std::size_t i = 0; i < tokens.size(); ++i) vectors.col(static_cast<Index>(i)) = table.col(tokens[i]);
}

template class Embedding<float>;
template class Embedding<double>;

}  // namespace isthmus
