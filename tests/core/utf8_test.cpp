#include "core/utf8.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

struct IllFormed {
  std::string_view bytes;
  std::size_t at;             ///< of the first bad byte
  std::string_view repaired;  ///< one U+FFFD for each maximal part (Unicode 15, section 3.9)
};

constexpr IllFormed kIllFormed[] = {
    {"\x80", 0, "\uFFFD"},  // a continuation alone
    {"ab\xBF", 2, "ab\uFFFD"},
    {"\xC0\xAF", 0, "\uFFFD\uFFFD"},  // "/" in two bytes
    {"\xC1\xBF", 0, "\uFFFD\uFFFD"},
    {"\xE0\x80\xAF", 0, "\uFFFD\uFFFD\uFFFD"},  // … in three
    {"\xE0\x9F\xBF", 0, "\uFFFD\uFFFD\uFFFD"},
    {"\xF0\x8F\xBF\xBF", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},  // U+FFFF in four
    {"\xED\xA0\x80", 0, "\uFFFD\uFFFD\uFFFD"},            // surrogates
    {"\xED\xBF\xBF", 0, "\uFFFD\uFFFD\uFFFD"},
    {"\xF4\x90\x80\x80", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},  // beyond U+10FFFF
    {"\xF5\x80\x80\x80", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},
    {"\xFE", 0, "\uFFFD"},
    {"\xFF", 0, "\uFFFD"},
    {"\xC3", 0, "\uFFFD"},  // cut short
    {"\xE2\x82", 0, "\uFFFD"},
    {"\xF0\x9F\x98", 0, "\uFFFD"},
    {"\xE2\x82z", 0, "\uFFFDz"},  // interrupted
    {"\xE2z\x82", 0, "\uFFFDz\uFFFD"},
    {"a\xF1\x80\x80\xE1\x80\xC2"
     "b\x80"
     "c\x80\xBF"
     "d",
     1,
     "a\uFFFD\uFFFD\uFFFD"
     "b\uFFFD"
     "c\uFFFD\uFFFD"
     "d"},
    {"\xC3\xC3\xA9", 0, "\uFFFD\u00E9"},
};

constexpr std::string_view kWellFormed[] = {
    "",       "plain",  "\x7F",   "\u0080",     "\u07FF",     "\u0800",
    "\uD7FF", "\uE000", "\uFFFF", "\U00010000", "\U0010FFFF", "한국어 é 😀",
};

TEST_CASE("ill-formed bytes are found and repaired") {
  for (const IllFormed& example : kIllFormed) {
    CAPTURE(example.repaired, example.bytes.size());
    CHECK(invalid_utf8_at(example.bytes) == example.at);
    CHECK(repair_utf8(example.bytes) == example.repaired);
    CHECK(to_code_points(example.bytes) == to_code_points(example.repaired));
  }
}

TEST_CASE("well-formed text is left alone") {
  for (const std::string_view text : kWellFormed) {
    CAPTURE(text);
    CHECK_FALSE(invalid_utf8_at(text));
    CHECK(repair_utf8(text) == text);
  }
  const std::string_view with_zero("a\0b", 3);
  CHECK_FALSE(invalid_utf8_at(with_zero));
  CHECK(repair_utf8(with_zero) == with_zero);
}

TEST_CASE("every code point goes to UTF-8 and back") {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append_utf8(c, text);
    const std::u32string back = to_code_points(text);
    if (back.size() != 1 || back[0] != c || invalid_utf8_at(text)) FAIL("U+" << static_cast<std::uint32_t>(c));
  }
}

TEST_CASE("encodings have the lengths that Unicode says") {
  const auto bytes_of = [](char32_t c) {
    std::string text;
    append_utf8(c, text);
    return text;
  };
  CHECK(bytes_of(0x24) == "\x24");
  CHECK(bytes_of(0xA3) == "\xC2\xA3");
  CHECK(bytes_of(0xD55C) == "\xED\x95\x9C");
  CHECK(bytes_of(0x10348) == "\xF0\x90\x8D\x88");
}

TEST_CASE("a terminal's columns") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("한국") == 4);
  CHECK(display_width("漢字かな") == 8);
  CHECK(display_width("，") == 2);
  CHECK(display_width("😀") == 2);
  CHECK(display_width("a\u200Bb") == 2);
  CHECK(display_width("\xFF") == 1);
}

}  // namespace
}  // namespace isthmus
