#include "analysis/word_use.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "corpora/line_reader.h"
#include "evaluation/numbered_text.h"

namespace isthmus {
namespace {

using Counts = std::unordered_map<std::string, std::int64_t>;

void count(std::string_view line, const BleuOptions& options, Counts& counts) {
  for_each_word(line, options, [&](std::string_view word) { ++counts[std::string(word)]; });
}

/// Ranks of frequencies.
class Ranks {
 public:
  explicit Ranks(const Counts& counts) {
    for (const auto& [word, frequency] : counts) falling_.push_back(frequency);
    std::sort(falling_.begin(), falling_.end(), std::greater<>());
  }
  std::int64_t of(std::int64_t frequency) const {
    const auto more = std::lower_bound(falling_.begin(), falling_.end(), frequency, std::greater<>());
    return 1 + (more - falling_.begin());
  }

 private:
  std::vector<std::int64_t> falling_;
};

std::int64_t at(const Counts& counts, const std::string& word) {
  const auto found = counts.find(word);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

std::vector<WordUse> word_use(std::span<const std::string> lines, const std::string& training, std::int64_t rare_below,
                              const BleuOptions& options) {
  Counts counts;
  if (training.empty()) {
    for (const std::string& line : lines) count(line, options, counts);
  } else {
    LineReader reader(training);
    for (std::string line; reader.next(line);) count(line, options, counts);
  }
  const Ranks ranks(counts);
  std::vector<WordUse> uses;
  for (const std::string& line : lines) {
    Counts own;
    count(line, options, own);
    WordUse& use = uses.emplace_back();
    std::int64_t sum = 0;
    for (const auto& [word, times] : own) {
      const std::int64_t seen = at(counts, word) - (training.empty() ? times : 0);
      use.words += times;
      use.rare += seen < rare_below ? times : 0;
      sum += times * ranks.of(seen);
    }
    use.mean_rank = use.words > 0 ? static_cast<double>(sum) / static_cast<double>(use.words) : std::nan("");
  }
  return uses;
}

}  // namespace isthmus
