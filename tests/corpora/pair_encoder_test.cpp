#include "corpora/pair_encoder.h"

#include <string>
#include <vector>

#include "core/threads.h"
#include "tests/catch.h"
#include "tests/corpora/letters.h"

namespace isthmus {
namespace {

using testing::letters;

/// What was handed on, as text.
struct Kept {
  std::vector<std::string> pairs;
  EncodingCounts counts;
};

Kept encode(const ParallelText& text, const EncodingLimits& limits, std::size_t thread_count = 1) {
  ThreadPool threads(thread_count);
  Kept kept;
  const auto decoded = [](std::span<const TokenId> pieces) { return letters().source.decode(pieces); };
  PairEncoder encoder(letters(), limits, threads, [&](const EncodedPair& pair) {
    kept.pairs.push_back(std::string(pair.source_line) + "|" + std::string(pair.target_line) + "|" +
                         decoded(pair.source) + "|" + decoded(pair.target));
  });
  for (std::size_t i = 0; i < text.size(); ++i) encoder.add(text.source[i], text.target[i]);
  encoder.finish();
  kept.counts = encoder.counts();
  return kept;
}

TEST_CASE("Empty and over-long pairs are left out or cropped, and counted") {
  const ParallelText text{{"ab", "", "abcd", "a", "abc", " "}, {"x", "x", "x", "", "xyz", "x"}, "s", "t"};
  EncodingLimits limits{.max_source_tokens = 4, .max_target_tokens = 5, .too_long = TooLong::kSkip};
  SECTION("skip") {
    const Kept kept = encode(text, limits);
    CHECK(kept.pairs == std::vector<std::string>{"ab|x|ab|x", "abc|xyz|abc|xyz"});
    CHECK(kept.counts == EncodingCounts{.lines = 6, .skipped_empty = 3, .skipped_long = 1, .cropped = 0});
  }
  SECTION("crop") {
    limits.too_long = TooLong::kCrop;
    limits.max_target_tokens = 3;
    const Kept kept = encode(text, limits);
    CHECK(kept.pairs == std::vector<std::string>{"ab|x|ab|x", "abcd|x|abc|x", "abc|xyz|abc|xy"});
    CHECK(kept.counts == EncodingCounts{.lines = 6, .skipped_empty = 3, .skipped_long = 0, .cropped = 2});
  }
}

TEST_CASE("A monstrous line is one line that is too long") {
  ParallelText text{{"ab", std::string(std::size_t{20} << 20, 'a'), "c"}, {"x", "y", "z"}, "s", "t"};
  EncodingLimits limits;
  CHECK(encode(text, limits).pairs == std::vector<std::string>{"ab|x|ab|x", "c|z|c|z"});
  limits = {.max_source_tokens = 3, .max_target_tokens = 3, .too_long = TooLong::kCrop};
  const Kept kept = encode(text, limits);
  REQUIRE(kept.pairs.size() == 3);
  CHECK(kept.pairs[1].ends_with("aaa|y|aa|y"));
  CHECK(kept.counts.cropped == 1);
}

TEST_CASE("What is encoded does not depend on the number of threads") {
  ParallelText text;
  for (int i = 0; i < 20011; ++i) {  // several blocks
    text.source.push_back(std::string(static_cast<std::size_t>(i % 13), 'a') + std::to_string(i));
    text.target.push_back(std::to_string(i));
  }
  const Kept alone = encode(text, {}, 1), together = encode(text, {}, 3);
  CHECK((alone.pairs == together.pairs));
  REQUIRE(alone.pairs.size() == text.size());
  CHECK(alone.pairs[20010] == text.source[20010] + "|20010|" + text.source[20010] + "|20010");
  CHECK(alone.counts == together.counts);
}

TEST_CASE("A text in memory becomes pairs in memory") {
  ThreadPool threads(1);
  const TokenPairs pairs = encode_pairs({{"ab", "", "c"}, {"x", "y", "z"}, "s", "t"}, letters(), {}, threads);
  REQUIRE(pairs.size() == 2);
  CHECK(letters().target.decode(pairs.target[1]) == "z");
}

}  // namespace
}  // namespace isthmus
