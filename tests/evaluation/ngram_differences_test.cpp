#include "evaluation/ngram_differences.h"

#include "tests/catch.h"

using namespace isthmus;

namespace {

const NgramDifference* find(const std::vector<NgramDifference>& ngrams, const std::string& ngram) {
  for (const NgramDifference& one : ngrams) {
    if (one.ngram == ngram) return &one;
  }
  return nullptr;
}

constexpr std::size_t kAll = 1000;

}  // namespace

TEST_CASE("n-grams that one system has right and the other has not come first") {
  std::vector<NamedLines> systems = {{"one", {}}, {"two", {}}};
  std::vector<References> references;
  for (int i = 0; i < 8; ++i) {
    references.push_back({"the red house is old"});
    systems[0].lines.emplace_back(i < 2 ? "the red house is new" : "the blue house is old");
    systems[1].lines.emplace_back("the red house is new");
  }
  const NumberedCorpus corpus = numbered_corpus(systems, references, {});
  const NgramDifferences ngrams = ngrams_right(corpus, 0, 1, kAll);
  // "house is old" and its parts that end in "old": 6 to 0; what begins in "red": 2 to 8.
  REQUIRE(ngrams.more_first.size() == 3);
  CHECK(ngrams.more_first[0].ngram == "house is old");
  CHECK(ngrams.more_first[0].first == 6);
  CHECK(ngrams.more_first[0].second == 0);
  CHECK(ngrams.more_first[0].share() == Approx(7. / 8));
  CHECK(ngrams.more_first[1].ngram == "is old");
  CHECK(ngrams.more_first[2].ngram == "old");
  const NgramDifference* red = find(ngrams.more_second, "the red house is");
  REQUIRE(red != nullptr);
  CHECK(red == &ngrams.more_second[0]);
  CHECK(red->first == 8);
  CHECK(red->second == 2);
  CHECK(find(ngrams.more_second, "house") == nullptr);  // both have it right 8 times
  CHECK(find(ngrams.more_second, "new") == nullptr);    // nobody has it right

  const NgramDifferences other_way = ngrams_right(corpus, 1, 0, 1);
  REQUIRE(other_way.more_first.size() == 1);
  CHECK(other_way.more_first[0].ngram == "the red house is");
  CHECK(other_way.more_second[0].ngram == "house is old");
  CHECK(ngrams_right(corpus, 0, 0, kAll).more_first.empty());
}

TEST_CASE("an n-gram is right as often as one of the references has it") {
  const std::vector<NamedLines> systems = {{"one", {"go go go go"}}, {"two", {""}}};
  const NumberedCorpus corpus = numbered_corpus(systems, std::vector<References>{{"go", "go go"}}, {});
  const NgramDifferences ngrams = ngrams_right(corpus, 0, 1, kAll);
  REQUIRE(ngrams.more_first.size() == 2);
  CHECK(find(ngrams.more_first, "go")->first == 2);
  CHECK(find(ngrams.more_first, "go go")->first == 1);
  CHECK(ngrams.more_second.empty());
}

TEST_CASE("a system's n-grams are too many beyond all references, too few below each of them") {
  const std::vector<NamedLines> systems = {{"one", {"we we see it", "no"}}};
  const std::vector<References> references = {{"we see that", "we see that too"}, {"no way", "no"}};
  const NgramDifferences ngrams = ngrams_out_of_balance(numbered_corpus(systems, references, {}), 0, kAll);
  REQUIRE(find(ngrams.more_first, "we") != nullptr);
  CHECK(find(ngrams.more_first, "we")->first == 1);
  CHECK(find(ngrams.more_first, "it") != nullptr);
  CHECK(find(ngrams.more_first, "see") == nullptr);
  CHECK(find(ngrams.more_second, "that") != nullptr);
  CHECK(find(ngrams.more_second, "we see that")->first == 1);
  CHECK(find(ngrams.more_second, "too") == nullptr);  // one reference does without
  CHECK(find(ngrams.more_second, "way") == nullptr);
}
