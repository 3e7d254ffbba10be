#include "corpora/token_store.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

Sentence copy(std::span<const TokenId> span) { return {span.begin(), span.end()}; }

TEST_CASE("A store gives back the sentences that were added") {
  TokenStore store;
  CHECK(store.empty());
  const std::vector<Sentence> sentences = {{5, 6, 7}, {}, {8}};
  for (const Sentence& sentence : sentences) store.add(sentence);
  REQUIRE(store.size() == 3);
  CHECK(store.token_count() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(copy(store[i]) == sentences[i]);
    CHECK(store.length(i) == sentences[i].size());
  }
}

TEST_CASE("Pairs keep their sides apart") {
  TokenPairs pairs;
  pairs.add(Sentence{5, 6}, Sentence{7});
  pairs.add(Sentence{8}, Sentence{9, 10});
  CHECK(pairs.size() == 2);
  CHECK(copy(pairs.source[0]) == Sentence{5, 6});
  CHECK(copy(pairs.target[1]) == Sentence{9, 10});
}

}  // namespace
}  // namespace isthmus
