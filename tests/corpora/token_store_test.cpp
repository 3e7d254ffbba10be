#include "corpora/token_store.h"

#include <string>
#include <vector>

#include "core/threads.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

/// One piece per character.
Sentence by_character(std::string_view line) {
  Sentence pieces;
  for (char c : line) pieces.push_back(static_cast<TokenId>(c));
  return pieces;
}

Sentence doubled(std::string_view line) {
  Sentence pieces;
  for (char c : line) pieces.insert(pieces.end(), 2, static_cast<TokenId>(c));
  return pieces;
}

Sentence copy(std::span<const TokenId> span) { return {span.begin(), span.end()}; }

}  // namespace

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

TEST_CASE("Empty and over-long pairs are left out, counted, and the lines are remembered") {
  ThreadPool threads(1);
  const ParallelText text{{"ab", "", "abcd", "a", "abc"}, {"x", "x", "x", "", "xy"}, "s", "t"};
  EncodingLimits limits{.max_source_tokens = 3, .max_target_tokens = 4, .too_long = TooLong::kSkip};

  SECTION("skip") {
    const TokenPairs pairs = encode_pairs(text, by_character, doubled, limits, threads);
    CHECK(pairs.line == std::vector<std::uint32_t>{1, 5});
    CHECK(copy(pairs.source[1]) == Sentence{'a', 'b', 'c'});
    CHECK(copy(pairs.target[1]) == Sentence{'x', 'x', 'y', 'y'});
    CHECK(pairs.counts.lines == 5);
    CHECK(pairs.counts.skipped_empty == 2);
    CHECK(pairs.counts.skipped_long == 1);
    CHECK(pairs.counts.cropped == 0);
  }
  SECTION("crop") {
    limits.too_long = TooLong::kCrop;
    limits.max_target_tokens = 2;
    const TokenPairs pairs = encode_pairs(text, by_character, doubled, limits, threads);
    CHECK(pairs.line == std::vector<std::uint32_t>{1, 3, 5});
    CHECK(copy(pairs.source[1]) == Sentence{'a', 'b', 'c'});
    CHECK(copy(pairs.target[2]) == Sentence{'x', 'x'});
    CHECK(pairs.counts.skipped_long == 0);
    CHECK(pairs.counts.cropped == 2);
  }
}

TEST_CASE("The encoded corpus does not depend on the number of threads") {
  ParallelText text;
  for (int i = 0; i < 20011; ++i) {
    text.source.push_back(std::string(static_cast<std::size_t>(i % 13), 'a') + std::to_string(i));
    text.target.push_back(std::to_string(i));
  }
  ThreadPool one(1), three(3);
  const TokenPairs alone = encode_pairs(text, by_character, doubled, {}, one);
  const TokenPairs together = encode_pairs(text, by_character, doubled, {}, three);
  const TokenStore lines = encode_lines(text.source, by_character, three);
  REQUIRE(alone.size() == text.size());
  REQUIRE(together.size() == text.size());
  REQUIRE(lines.size() == text.size());
  bool same = alone.line == together.line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    same =
        same && copy(alone.source[i]) == copy(together.source[i]) && copy(alone.target[i]) == copy(together.target[i]);
    same = same && copy(lines[i]) == by_character(text.source[i]);
  }
  CHECK(same);
}

}  // namespace isthmus
