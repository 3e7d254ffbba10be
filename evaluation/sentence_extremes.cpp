#include "evaluation/sentence_extremes.h"

#include <algorithm>
#include <cassert>

namespace isthmus {
namespace {

/// The `most` sentences with the largest `key`.
template <class Key>
std::vector<ScoredSentence> largest(std::vector<ScoredSentence> sentences, std::size_t most, Key key) {
  const std::size_t kept = std::min(most, sentences.size());
  std::partial_sort(sentences.begin(), sentences.begin() + static_cast<std::ptrdiff_t>(kept), sentences.end(),
                    [&key](const ScoredSentence& a, const ScoredSentence& b) {
                      return key(a) != key(b) ? key(a) > key(b) : a.line < b.line;
                    });
  sentences.resize(kept);
  return sentences;
}

}  // namespace

SentenceExtremes sentence_extremes(std::span<const BleuStatistics> statistics, const BleuOptions& options,
                                   std::size_t most) {
  const BleuOptions of_sentences = sentence_options(options);
  std::vector<ScoredSentence> all;
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    all.push_back({.line = i, .bleu = {bleu_score(statistics[i], of_sentences).score}});
  }
  return {.worst = largest(all, most, [](const ScoredSentence& one) { return -one.bleu[0]; }),
          .best = largest(all, most, [](const ScoredSentence& one) { return one.bleu[0]; })};
}

SentenceExtremes sentence_extremes(std::span<const BleuStatistics> first, std::span<const BleuStatistics> second,
                                   const BleuOptions& options, std::size_t most) {
  assert(first.size() == second.size());
  const BleuOptions of_sentences = sentence_options(options);
  std::vector<ScoredSentence> differing;
  for (std::size_t i = 0; i < first.size(); ++i) {
    ScoredSentence one{.line = i,
                       .bleu = {bleu_score(first[i], of_sentences).score, bleu_score(second[i], of_sentences).score}};
    if (one.bleu[0] != one.bleu[1]) differing.push_back(std::move(one));
  }
  const auto lead = [](const ScoredSentence& one) { return one.bleu[0] - one.bleu[1]; };
  SentenceExtremes extremes{.worst = largest(differing, most, [&lead](const auto& one) { return -lead(one); }),
                            .best = largest(differing, most, lead)};
  std::erase_if(extremes.worst, [&lead](const auto& one) { return lead(one) >= 0; });
  std::erase_if(extremes.best, [&lead](const auto& one) { return lead(one) <= 0; });
  return extremes;
}

}  // namespace isthmus
