#include "analysis/edit_distance.h"

#include <algorithm>
#include <numeric>

#include "evaluation/numbered_text.h"
#include "evaluation/text.h"

namespace isthmus {

std::vector<std::vector<std::int32_t>> numbered_words(std::span<const std::string> lines) {
  WordNumbers words;
  std::vector<std::vector<std::int32_t>> sentences;
  for (const std::string& line : lines) {
    std::vector<std::int32_t>& sentence = sentences.emplace_back();
    for (const std::string_view word : split_words(line)) sentence.push_back(words.add(word));
  }
  return sentences;
}

std::int64_t edit_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::vector<std::int64_t> row(b.size() + 1);  // distances of a's first i words to b's first j
  std::iota(row.begin(), row.end(), std::int64_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t diagonal = row[0];
    row[0] = static_cast<std::int64_t>(i) + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::int64_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

double normalised_edit_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  const std::size_t longer = std::max(a.size(), b.size());
  return longer == 0 ? 0.0 : static_cast<double>(edit_distance(a, b)) / static_cast<double>(longer);
}

}  // namespace isthmus
