#include "evaluation/ngram_trie.h"

#include <algorithm>
#include <map>
#include <random>

#include "tests/catch.h"

using namespace isthmus;

namespace {

using Tokens = std::vector<std::uint64_t>;
using Counts = std::map<Tokens, std::int64_t>;

Counts count_ngrams(const Tokens& tokens, std::size_t order) {
  Counts counts;
  for (std::size_t i = 0; i + order <= tokens.size(); ++i) {
    const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(i);
    ++counts[Tokens(begin, begin + static_cast<std::ptrdiff_t>(order))];
  }
  return counts;
}

/// By the definition: an n-gram counts at most as often as in the reference that has most of it.
std::vector<std::int64_t> naive_matches(const Tokens& hypothesis, const std::vector<Tokens>& references, int orders) {
  std::vector<std::int64_t> matches;
  for (int order = 1; order <= orders; ++order) {
    Counts allowed;
    for (const Tokens& reference : references) {
      for (const auto& [ngram, count] : count_ngrams(reference, static_cast<std::size_t>(order))) {
        allowed[ngram] = std::max(allowed[ngram], count);
      }
    }
    matches.push_back(0);
    for (const auto& [ngram, count] : count_ngrams(hypothesis, static_cast<std::size_t>(order))) {
      matches.back() += std::min(count, allowed[ngram]);
    }
  }
  return matches;
}

Tokens random_tokens(std::mt19937& random) {
  Tokens tokens(random() % 30);
  // Few different ones, so that n-grams repeat; large ones too.
  for (std::uint64_t& token : tokens) token = random() % 2 == 0 ? random() % 3 : (random() % 3) << 61;
  return tokens;
}

}  // namespace

TEST_CASE("the trie counts matches by the definition") {
  std::mt19937 random(1);
  NgramTrie trie;  // one for all, as the counters use it
  for (int round = 0; round < 300; ++round) {
    std::vector<Tokens> references(1 + random() % 3);
    std::size_t length = 0;
    for (Tokens& reference : references) {
      reference = random_tokens(random);
      length += reference.size();
    }
    trie.clear(length * 5);
    for (const Tokens& reference : references) trie.add_reference(reference, 5);
    for (int hypotheses = 0; hypotheses < 3; ++hypotheses) {
      const Tokens hypothesis = random_tokens(random);
      std::vector<std::int64_t> matches(5, 0);
      trie.count_matches(hypothesis, matches);
      CHECK(matches == naive_matches(hypothesis, references, 5));
    }
  }
}

TEST_CASE("an empty trie matches nothing") {
  NgramTrie trie;
  std::vector<std::int64_t> matches(4, 0);
  const Tokens hypothesis = {0, 0, 1};
  trie.count_matches(hypothesis, matches);
  CHECK(matches == std::vector<std::int64_t>(4, 0));
  trie.clear(0);
  trie.count_matches(hypothesis, matches);
  CHECK(matches == std::vector<std::int64_t>(4, 0));
}

TEST_CASE("a trie that would not fit into memory is refused") {
  NgramTrie trie;
  CHECK_THROWS_AS(trie.clear(std::size_t{1} << 40), std::length_error);
}

TEST_CASE("n-grams of a sentence are counted") {
  CHECK(ngrams_of_order(5, 1) == 5);
  CHECK(ngrams_of_order(5, 4) == 2);
  CHECK(ngrams_of_order(3, 4) == 0);
  CHECK(ngrams_of_order(0, 1) == 0);
}
