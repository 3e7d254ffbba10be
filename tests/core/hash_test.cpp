#include "core/hash.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

/// 100,000 bytes, so that all of XXH3's ways for short and long inputs are taken.
std::string long_text() {
  std::string text(100000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>((i * 7 + i / 256) % 256);
  return text;
}

TEST_CASE("hashes are those that xxhsum 0.8.1 prints") {
  CHECK(hash64("") == 0x2d06800538d394c2);
  CHECK(hash64("a") == 0xe6c632b61e964e1f);
  CHECK(hash64("isthmus") == 0xf492d79854c054c8);
  CHECK(hash64(long_text()) == 0xb25cea78018497ff);
  CHECK(hash128_hex("") == "99aa06d3014798d86001c324468d497f");
  CHECK(hash128_hex("a") == "a96faf705af16834e6c632b61e964e1f");
  CHECK(hash128_hex("isthmus") == "c039913ae6be88f6b906adf468a20ff7");
  CHECK(hash128_hex(long_text()) == "4e53faeda1b5812bb25cea78018497ff");
}

TEST_CASE("bytes in pieces hash as the whole") {
  const std::string text = long_text();
  const auto piece = GENERATE(std::size_t{1}, std::size_t{63}, std::size_t{256}, std::size_t{99999});
  Hasher hasher;
  for (std::size_t i = 0; i < text.size(); i += piece) hasher.update(std::string_view(text).substr(i, piece));
  CHECK(hasher.digest64() == hash64(text));
  CHECK(hasher.hex() == hash128_hex(text));
}

TEST_CASE("a hasher goes on after it was asked, also elsewhere") {
  Hasher hasher;
  CHECK(hasher.digest64() == hash64(""));
  hasher.update("ist");
  CHECK(hasher.digest64() == hash64("ist"));
  Hasher moved = std::move(hasher);
  moved.update("hmus");
  CHECK(moved.hex() == hash128_hex("isthmus"));
}

}  // namespace
}  // namespace isthmus
