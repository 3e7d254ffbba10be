#include "evaluation/numbered_text.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace isthmus {
namespace {

constexpr std::int32_t kNoWord = -1;

NumberedSentence numbered(std::string_view line, const BleuOptions& options, WordNumbers& words) {
  NumberedSentence sentence;
  for_each_word(line, options, [&](std::string_view word) { sentence.push_back(words.add(word)); });
  return sentence;
}

}  // namespace

std::int32_t WordNumbers::add(std::string_view word) {
  const auto [entry, is_new] = numbers_.try_emplace(std::string(word), static_cast<std::int32_t>(words_.size()));
  if (is_new) words_.push_back(&entry->first);
  return entry->second;
}

std::optional<std::int32_t> WordNumbers::find(const std::string& word) const {
  const auto found = numbers_.find(word);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

void for_each_word(std::string_view line, const BleuOptions& options,
                   const std::function<void(std::string_view)>& each) {
  const std::string tokens = bleu_tokens(line, options);
  for (std::size_t begin = 0; begin < tokens.size();) {
    const std::size_t end = std::min(tokens.find(' ', begin), tokens.size());
    each(std::string_view(tokens).substr(begin, end - begin));
    begin = end + 1;
  }
}

NumberedCorpus numbered_corpus(std::span<const NamedLines> systems, std::span<const References> references,
                               const BleuOptions& options) {
  NumberedCorpus corpus;
  corpus.systems = systems.size();
  for (std::size_t i = 0; i < references.size(); ++i) {
    NumberedCorpus::Line& line = corpus.lines.emplace_back();
    for (const std::string& text : references[i]) line.references.push_back(numbered(text, options, corpus.words));
    for (const NamedLines& system : systems) {
      line.systems.push_back(numbered(system.lines.at(i), options, corpus.words));
    }
  }
  return corpus;
}

std::size_t length_of(const Ngram& ngram) {
  return static_cast<std::size_t>(std::find(ngram.begin(), ngram.end(), kNoWord) - ngram.begin());
}

std::string text_of(const Ngram& ngram, const WordNumbers& words) {
  std::string text;
  for (std::size_t i = 0; i < length_of(ngram); ++i) text += (i == 0 ? "" : " ") + words.word(ngram[i]);
  return text;
}

void for_each_ngram(std::span<const NumberedSentence* const> texts, std::size_t longest,
                    const std::function<void(const Ngram&, std::span<const std::int64_t>)>& each) {
  assert(longest <= kLongestNgram);
  std::vector<std::pair<Ngram, std::size_t>> occurrences;  // in which text
  for (std::size_t text = 0; text < texts.size(); ++text) {
    const NumberedSentence& sentence = *texts[text];
    for (std::size_t begin = 0; begin < sentence.size(); ++begin) {
      Ngram ngram;
      ngram.fill(kNoWord);
      for (std::size_t n = 0; n < longest && begin + n < sentence.size(); ++n) {
        ngram[n] = sentence[begin + n];
        occurrences.emplace_back(ngram, text);
      }
    }
  }
  std::sort(occurrences.begin(), occurrences.end());
  std::vector<std::int64_t> counts(texts.size());
  for (auto at = occurrences.begin(); at != occurrences.end();) {
    const Ngram& ngram = at->first;
    std::fill(counts.begin(), counts.end(), 0);
    for (; at != occurrences.end() && at->first == ngram; ++at) ++counts[at->second];
    each(ngram, counts);
  }
}

}  // namespace isthmus
