#include "evaluation/frequency_buckets.h"

#include <algorithm>
#include <cassert>

#include "evaluation/length_bins.h"

namespace isthmus {
namespace {

/// Upper ends; the last bucket has none.
constexpr std::int64_t kFrequencyEnds[] = {0, 1, 2, 3, 4, 9, 99, 999};

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double WordMatches::precision() const { return percent(matches, hypothesis); }
double WordMatches::recall() const { return percent(matches, reference); }
double WordMatches::f1() const { return percent(2 * matches, hypothesis + reference); }

WordFrequencies reference_frequencies(const NumberedCorpus& corpus) {
  WordFrequencies frequencies(corpus.words.size(), 0);
  for (const NumberedCorpus::Line& line : corpus.lines) {
    for (const std::int32_t word : line.references.at(0)) ++frequencies[static_cast<std::size_t>(word)];
  }
  return frequencies;
}

void count_words(std::string_view line, const BleuOptions& options, const WordNumbers& words,
                 WordFrequencies& frequencies) {
  for_each_word(line, options, [&](std::string_view word) {
    if (const auto number = words.find(std::string(word))) ++frequencies[static_cast<std::size_t>(*number)];
  });
}

std::vector<FrequencyBucket> frequency_buckets(const NumberedCorpus& corpus, const WordFrequencies& frequencies) {
  assert(frequencies.size() == corpus.words.size());
  std::vector<FrequencyBucket> buckets;
  const auto add_bucket = [&](std::int64_t high) {
    const std::int64_t low = buckets.empty() ? 0 : buckets.back().high + 1;
    buckets.push_back({.label = range_label(low, high),
                       .low = low,
                       .high = high,
                       .systems = std::vector<WordMatches>(corpus.systems)});
  };
  for (const std::int64_t high : kFrequencyEnds) add_bucket(high);
  add_bucket(kNoUpperEnd);

  for (const NumberedCorpus::Line& line : corpus.lines) {
    for (std::size_t system = 0; system < corpus.systems; ++system) {
      const NumberedSentence* const sides[] = {&line.references.at(0), &line.systems[system]};
      for_each_ngram(sides, 1, [&](const Ngram& word, std::span<const std::int64_t> counts) {
        const std::int64_t frequency = frequencies[static_cast<std::size_t>(word[0])];
        std::size_t bucket = 0;
        while (frequency > buckets[bucket].high) ++bucket;
        WordMatches& matches = buckets[bucket].systems[system];
        matches.reference += counts[0];
        matches.hypothesis += counts[1];
        matches.matches += std::min(counts[0], counts[1]);
      });
    }
  }
  std::erase_if(buckets, [](const FrequencyBucket& bucket) {
    return std::all_of(bucket.systems.begin(), bucket.systems.end(),
                       [](const WordMatches& words) { return words.reference + words.hypothesis == 0; });
  });
  return buckets;
}

}  // namespace isthmus
