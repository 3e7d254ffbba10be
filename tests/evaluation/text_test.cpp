#include "evaluation/text.h"

#include "core/utf8.h"
#include "tests/catch.h"

using namespace isthmus;
using Words = std::vector<std::string_view>;

TEST_CASE("white space is what Python calls so") {
  std::string found;
  for (char32_t c = 0; c < 0x11000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(c, text);
    if (space_at(text, 0) == 0) continue;
    CHECK(space_at(text, 0) == text.size());
    found += text;
  }
  std::string expected = "\t\n\v\f\r\x1c\x1d\x1e\x1f \u0085\u00a0\u1680";
  for (char32_t c = 0x2000; c <= 0x200A; ++c) append_utf8(c, expected);
  expected += "\u2028\u2029\u202f\u205f\u3000";
  CHECK(found == expected);
}

TEST_CASE("words are what is between white space") {
  CHECK(split_words("") == Words{});
  CHECK(split_words(" \u3000 ") == Words{});
  CHECK(split_words("one") == Words{"one"});
  CHECK(split_words("  a\u00a0b\tc\u2028") == Words{"a", "b", "c"});
  CHECK(split_words("zero\u200bwidth is none") == Words{"zero\u200bwidth", "is", "none"});
  CHECK(single_spaced("\t a \u3000 b ") == "a b");
  CHECK(strip_right(" a b\u2003 \r") == " a b");
  CHECK(strip(" \u00a0a b\u2003") == "a b");
  CHECK(strip(" ").empty());
}

TEST_CASE("white space is found at the end of cut-off bytes too") {
  CHECK(space_at("\xe2\x80", 0) == 0);
  CHECK(space_at("\xc2", 0) == 0);
  CHECK(space_at("", 0) == 0);
  CHECK(split_words("\xe2\x80 \xe3\x80") == Words{"\xe2\x80", "\xe3\x80"});
}

TEST_CASE("lower case is that of Python's str.lower") {
  CHECK(lowercase("Straße STRASSE 123") == "straße strasse 123");
  CHECK(lowercase("ÄÖÜ Ñ ПРИВЕТ ǅ") == "äöü ñ привет ǆ");
  CHECK(lowercase("İstanbul IĞDIR ı") == "i\u0307stanbul iğdir ı");
  // Sigma at the end of a word is another letter, also before punctuation, but not on its own.
  CHECK(lowercase("ΟΔΥΣΣΕΥΣ ΚΑΙ ΣΟΦΟΣ.") == "οδυσσευς και σοφος.");
  CHECK(lowercase("Σ Α'Σ ΑΣΑ") == "σ α'ς ασα");
  CHECK(lowercase("ẞ Ⅷ Ⓐ 𝐀 𐐀 ﬀ") == "ß ⅷ ⓐ 𝐀 𐐨 ﬀ");
  CHECK(lowercase(std::string("A\0B", 3)) == std::string("a\0b", 3));
}

TEST_CASE("ill-formed bytes become replacement characters") {
  CHECK(well_formed("plain") == "plain");
  CHECK(well_formed("größer 😀") == "größer 😀");
  CHECK(well_formed("a\xff"
                    "b") == "a\uFFFDb");
  CHECK(well_formed("\xc3") == "\uFFFD");
}
