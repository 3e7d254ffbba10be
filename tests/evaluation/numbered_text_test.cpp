#include "evaluation/numbered_text.h"

#include <algorithm>
#include <map>

#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("words are numbered as they come, in lower case where BLEU ignores case") {
  const std::vector<NamedLines> systems = {{"a", {"The cat, the dog."}}};
  const std::vector<References> references = {{"the cat.", "A cat"}};
  const NumberedCorpus corpus = numbered_corpus(systems, references, {});
  CHECK(corpus.lines.at(0).references.at(0) == NumberedSentence{0, 1, 2});
  CHECK(corpus.lines.at(0).references.at(1) == NumberedSentence{3, 1});
  CHECK(corpus.lines.at(0).systems.at(0) == NumberedSentence{4, 1, 5, 0, 6, 2});
  CHECK(corpus.words.word(6) == "dog");
  CHECK(corpus.words.find("dog") == 6);
  CHECK_FALSE(corpus.words.find("bird"));

  const NumberedCorpus lower = numbered_corpus(systems, references, {.lowercase = true});
  CHECK(lower.lines.at(0).systems.at(0).at(0) == lower.lines.at(0).references.at(0).at(0));
}

TEST_CASE("the n-grams of several texts are those that two loops find") {
  const NumberedSentence one = {0, 1, 0, 1, 2}, other = {1, 0, 1}, empty;
  const NumberedSentence* const texts[] = {&one, &other, &empty};
  for (const std::size_t longest : {1, 2, 4}) {
    std::map<Ngram, std::vector<std::int64_t>> expected;
    for (std::size_t t = 0; t < 3; ++t) {
      for (std::size_t n = 1; n <= longest; ++n) {
        for (std::size_t at = 0; at + n <= texts[t]->size(); ++at) {
          Ngram ngram{-1, -1, -1, -1};
          std::copy_n(texts[t]->begin() + static_cast<std::ptrdiff_t>(at), n, ngram.begin());
          auto& counts = expected[ngram];
          counts.resize(3);
          ++counts[t];
        }
      }
    }
    std::map<Ngram, std::vector<std::int64_t>> found;
    for_each_ngram(texts, longest, [&](const Ngram& ngram, std::span<const std::int64_t> counts) {
      CHECK(found.emplace(ngram, std::vector(counts.begin(), counts.end())).second);
    });
    CHECK(found == expected);
  }
}

TEST_CASE("an n-gram is told in words") {
  const std::vector<NamedLines> systems = {{"a", {"in the old house"}}};
  const NumberedCorpus corpus = numbered_corpus(systems, std::vector<References>{{""}}, {});
  CHECK(text_of({0, 1, 2, 3}, corpus.words) == "in the old house");
  CHECK(text_of({1, 3, -1, -1}, corpus.words) == "the house");
  CHECK(length_of({1, 3, -1, -1}) == 2);
}
