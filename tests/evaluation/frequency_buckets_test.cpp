#include "evaluation/frequency_buckets.h"

#include "tests/catch.h"

using namespace isthmus;

namespace {

const std::vector<References>& references() {
  static const std::vector<References> lines = {{"a a b c", "x"}, {"a d", "y"}, {"a", "z"}};
  return lines;
}
// a: 4 times, b, c, d: once
const std::vector<NamedLines>& systems() {
  static const std::vector<NamedLines> all = {{"one", {"a a a b", "d d new", ""}}, {"two", {"a a b c", "a d", "a"}}};
  return all;
}

}  // namespace

TEST_CASE("words count in the bucket of their frequency in the first reference, clipped in each sentence") {
  const NumberedCorpus corpus = numbered_corpus(systems(), references(), {});
  const auto buckets = frequency_buckets(corpus, reference_frequencies(corpus));
  REQUIRE(buckets.size() == 3);
  CHECK(buckets[0].label == "0");  // "new" is in no reference
  CHECK(buckets[0].systems[0].hypothesis == 1);
  CHECK(buckets[0].systems[0].precision() == 0);
  CHECK(buckets[0].systems[1].f1() == 0);

  CHECK(buckets[1].label == "1");
  const WordMatches& rare = buckets[1].systems[0];  // b and d are right, c is missing, the second d too much
  CHECK(rare.matches == 2);
  CHECK(rare.reference == 3);
  CHECK(rare.hypothesis == 3);
  CHECK(rare.precision() == Approx(200. / 3));

  CHECK(buckets[2].label == "4");
  const WordMatches& frequent = buckets[2].systems[0];  // two of three a are right, two are missing
  CHECK(frequent.matches == 2);
  CHECK(frequent.precision() == Approx(200. / 3));
  CHECK(frequent.recall() == Approx(50));
  CHECK(frequent.f1() == Approx(2 * (200. / 3) * 50 / (200. / 3 + 50)));
  CHECK(buckets[2].systems[1].f1() == 100);
}

TEST_CASE("frequencies may come from another text") {
  const NumberedCorpus corpus = numbered_corpus(systems(), references(), {});
  WordFrequencies frequencies(corpus.words.size(), 0);
  for (int i = 0; i < 1000; ++i) count_words("a, unknown", {}, corpus.words, frequencies);
  for (int i = 0; i < 9; ++i) count_words("b b", {}, corpus.words, frequencies);
  const auto buckets = frequency_buckets(corpus, frequencies);
  REQUIRE(buckets.size() == 3);
  CHECK(buckets[0].label == "0");
  CHECK(buckets[0].systems[0].reference == 2);  // c and d
  CHECK(buckets[1].label == "10-99");
  CHECK(buckets[1].systems[0].matches == 1);  // b
  CHECK(buckets[2].label == "1000+");
  CHECK(buckets[2].systems[0].reference == 4);  // a
}

TEST_CASE("each word of the references and of a system is in one bucket") {
  const NumberedCorpus corpus = numbered_corpus(systems(), references(), {});
  std::int64_t reference = 0, hypothesis = 0;
  for (const FrequencyBucket& bucket : frequency_buckets(corpus, reference_frequencies(corpus))) {
    reference += bucket.systems[0].reference;
    hypothesis += bucket.systems[0].hypothesis;
  }
  CHECK(reference == 7);
  CHECK(hypothesis == 7);
}
