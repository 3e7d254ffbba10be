// A model whose table of normalisation rules was overwritten made SentencePiece 0.1.97 read outside its memory and
// crash, on the first line it encoded.
#include "tokenizer/model_check.h"

#include "core/error.h"
#include "core/random.h"
#include "tests/catch.h"
#include "tests/tokenizer/sample_text.h"
#include "tokenizer/tokenizer.h"

namespace isthmus {
namespace {

std::string model_bytes(Normalization rule) {
  TokenizerOptions options;
  options.vocabulary_size = 60;
  options.character_coverage = 1.0;
  options.normalization = rule;
  return Tokenizer::train(options, testing::sample_lines()).bytes();
}

TEST_CASE("SentencePiece's own rules are safe") {
  for (const Normalization rule : {Normalization::kNmtNfkc, Normalization::kNfkc, Normalization::kNmtNfkcCf,
                                   Normalization::kNfkcCf, Normalization::kIdentity}) {
    CHECK(normalization_is_safe(model_bytes(rule)));
  }
}

TEST_CASE("overwritten rules are refused or harmless") {
  const std::string good = model_bytes(Normalization::kNmtNfkc);
  REQUIRE(good.size() > 200000);
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    std::string bytes = good;
    Random random(seed);
    for (int changes = seed % 3 == 0 ? 100000 : 2000; changes > 0; --changes) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    try {
      const Tokenizer tokenizer = Tokenizer::from_bytes(bytes, "damaged");
      tokenizer.decode(tokenizer.encode("the tall sailor \u2460 \uff48\uff45 é ½ 배를 \U0001F600"));
    } catch (const InputError&) {
      ++refused;
    }
  }
  CHECK(refused > 60);
}

TEST_CASE("a trie that leads out of its array is refused") {
  const std::string good = model_bytes(Normalization::kNmtNfkc);
  // The units with offsets in the trie: one of them set to the largest offset there is.
  int refused = 0;
  for (std::size_t at = good.size() / 4; at < good.size() / 4 + 400; at += 4) {
    std::string bytes = good;
    for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = '\x7f';
    refused += !normalization_is_safe(bytes);
  }
  CHECK(refused == 100);
}

TEST_CASE("bytes that are no message are refused") {
  CHECK_FALSE(normalization_is_safe("\xff"));
  CHECK_FALSE(normalization_is_safe("garbage"));
  CHECK_FALSE(normalization_is_safe(std::string("\x1a\x04\x12\x02\x01\x01", 6)));
  CHECK(normalization_is_safe(""));
}

}  // namespace
}  // namespace isthmus
