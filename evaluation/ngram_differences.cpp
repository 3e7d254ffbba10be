#include "evaluation/ngram_differences.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "core/hash.h"

namespace isthmus {
namespace {

struct Counts {
  std::int64_t first = 0;
  std::int64_t second = 0;
};

struct NgramHash {
  std::size_t operator()(const Ngram& ngram) const {
    return hash64({reinterpret_cast<const char*>(ngram.data()), sizeof(ngram)});
  }
};

using CountsOfNgrams = std::unordered_map<Ngram, Counts, NgramHash>;

/// What an occurrence in one sentence adds: `counts` of the references, then of the systems asked for.
using Rule = std::function<Counts(std::span<const std::int64_t> references, std::span<const std::int64_t> systems)>;

CountsOfNgrams count_all(const NumberedCorpus& corpus, std::span<const std::size_t> systems, const Rule& rule) {
  CountsOfNgrams all;
  std::vector<const NumberedSentence*> texts;
  for (const NumberedCorpus::Line& line : corpus.lines) {
    texts.clear();
    for (const NumberedSentence& reference : line.references) texts.push_back(&reference);
    for (const std::size_t system : systems) texts.push_back(&line.systems.at(system));
    const std::size_t references = line.references.size();
    for_each_ngram(texts, kLongestNgram, [&](const Ngram& ngram, std::span<const std::int64_t> counts) {
      const Counts here = rule(counts.first(references), counts.subspan(references));
      if (here.first == 0 && here.second == 0) return;
      Counts& sum = all[ngram];
      sum.first += here.first;
      sum.second += here.second;
    });
  }
  return all;
}

std::vector<NgramDifference> largest(const CountsOfNgrams& all, const WordNumbers& words, std::size_t most,
                                     bool swapped) {
  std::vector<std::pair<Ngram, NgramDifference>> ranked;
  for (const auto& [ngram, counts] : all) {
    NgramDifference one{.ngram = "", .first = counts.first, .second = counts.second};
    if (swapped) std::swap(one.first, one.second);
    if (one.first > one.second) ranked.emplace_back(ngram, one);
  }
  const auto before = [&words](const auto& x, const auto& y) {
    const NgramDifference& a = x.second;
    const NgramDifference& b = y.second;
    if (a.share() != b.share()) return a.share() > b.share();
    if (a.first - a.second != b.first - b.second) return a.first - a.second > b.first - b.second;
    const std::size_t length = length_of(x.first);
    if (length != length_of(y.first)) return length > length_of(y.first);
    return text_of(x.first, words) < text_of(y.first, words);
  };
  const std::size_t kept = std::min(most, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(), before);
  std::vector<NgramDifference> result;
  for (std::size_t i = 0; i < kept; ++i) {
    result.push_back(ranked[i].second);
    result.back().ngram = text_of(ranked[i].first, words);
  }
  return result;
}

NgramDifferences differences(const CountsOfNgrams& all, const WordNumbers& words, std::size_t most) {
  return {.more_first = largest(all, words, most, false), .more_second = largest(all, words, most, true)};
}

}  // namespace

NgramDifferences ngrams_right(const NumberedCorpus& corpus, std::size_t first, std::size_t second, std::size_t most) {
  const std::size_t systems[] = {first, second};
  const auto all = count_all(corpus, systems,
                             [](std::span<const std::int64_t> references, std::span<const std::int64_t> hypotheses) {
                               const std::int64_t allowed = *std::max_element(references.begin(), references.end());
                               return Counts{std::min(hypotheses[0], allowed), std::min(hypotheses[1], allowed)};
                             });
  return differences(all, corpus.words, most);
}

NgramDifferences ngrams_out_of_balance(const NumberedCorpus& corpus, std::size_t system, std::size_t most) {
  const auto all = count_all(corpus, std::span(&system, 1),
                             [](std::span<const std::int64_t> references, std::span<const std::int64_t> hypotheses) {
                               const auto [least, allowed] = std::minmax_element(references.begin(), references.end());
                               return Counts{std::max<std::int64_t>(hypotheses[0] - *allowed, 0),
                                             std::max<std::int64_t>(*least - hypotheses[0], 0)};
                             });
  return differences(all, corpus.words, most);
}

}  // namespace isthmus
