// Text as numbers of words, and its n-grams: what the breakdowns of a score count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evaluation/bleu.h"
#include "evaluation/references.h"
#include "evaluation/score_warnings.h"

namespace isthmus {

/// Words numbered 0, 1, … in the order in which they were first seen.
class WordNumbers {
 public:
  WordNumbers() = default;
  WordNumbers(WordNumbers&&) = default;
  WordNumbers& operator=(WordNumbers&&) = default;

  /// Of a new word: the next one.
  std::int32_t add(std::string_view word);
  std::optional<std::int32_t> find(const std::string& word) const;
  const std::string& word(std::int32_t number) const { return *words_[static_cast<std::size_t>(number)]; }
  std::size_t size() const { return words_.size(); }

 private:
  std::unordered_map<std::string, std::int32_t> numbers_;
  std::vector<const std::string*> words_;  // the keys of numbers_, which stay where they are
};

using NumberedSentence = std::vector<std::int32_t>;

/// A test set and what systems made of it. The words are those of BLEU's tokenizer, in lower case where BLEU ignores
/// case.
struct NumberedCorpus {
  struct Line {
    std::vector<NumberedSentence> references;
    std::vector<NumberedSentence> systems;
  };

  WordNumbers words;
  std::vector<Line> lines;
  std::size_t systems = 0;
};

/// Every system has as many lines as there are references.
NumberedCorpus numbered_corpus(std::span<const NamedLines> systems, std::span<const References> references,
                               const BleuOptions& options);

/// Calls `each` for the words of a line as that BLEU cuts it.
void for_each_word(std::string_view line, const BleuOptions& options,
                   const std::function<void(std::string_view)>& each);

inline constexpr std::size_t kLongestNgram = 4;

/// The numbers of its words; behind a shorter one −1.
using Ngram = std::array<std::int32_t, kLongestNgram>;

/// "of the house".
std::string text_of(const Ngram& ngram, const WordNumbers& words);
std::size_t length_of(const Ngram& ngram);

/// Calls `each` once for each n-gram of 1 to `longest` words that is in any of the texts, with the number of its
/// occurrences in each of them. longest ≤ kLongestNgram.
void for_each_ngram(std::span<const NumberedSentence* const> texts, std::size_t longest,
                    const std::function<void(const Ngram&, std::span<const std::int64_t>)>& each);

}  // namespace isthmus
