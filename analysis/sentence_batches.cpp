#include "analysis/sentence_batches.h"

#include <algorithm>
#include <numeric>

namespace isthmus {

std::vector<std::vector<std::size_t>> sentence_batches(std::span<const Sentence> sentences, std::size_t batch) {
  std::vector<std::size_t> order(sentences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sentences[a].size() > sentences[b].size(); });
  std::vector<std::vector<std::size_t>> batches;
  for (std::size_t begin = 0; begin < order.size(); begin += batch) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(begin);
    batches.emplace_back(first, first + static_cast<std::ptrdiff_t>(std::min(batch, order.size() - begin)));
  }
  return batches;
}

std::vector<Sentence> sentences_at(std::span<const Sentence> sentences, std::span<const std::size_t> numbers) {
  std::vector<Sentence> picked;
  for (const std::size_t i : numbers) picked.push_back(sentences[i]);
  return picked;
}

}  // namespace isthmus
