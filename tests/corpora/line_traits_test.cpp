#include "corpora/line_traits.h"

#include <string>

#include "tests/catch.h"

namespace isthmus {

using namespace std::literals;

TEST_CASE("Traits of ordinary lines") {
  const LineTraits traits = line_traits("Grüße aus  안녕\t3");
  CHECK(traits.characters == 15);
  CHECK(traits.words == 4);
  CHECK(traits.has_letter);
  CHECK_FALSE(traits.invalid_utf8_at);
  CHECK_FALSE((traits.has_nul || traits.starts_with_bom || traits.has_line_separator || traits.has_control ||
               traits.has_replacement));
  CHECK(line_traits("").characters == 0);
  CHECK(line_traits(" \u3000 ").words == 0);
  CHECK_FALSE(line_traits("12:30 %").has_letter);
}

TEST_CASE("Traits of hostile lines") {
  CHECK(line_traits("ab\xff").invalid_utf8_at == 2);
  CHECK(line_traits("\xed\xa0\x80").invalid_utf8_at == 0);  // a surrogate
  CHECK(line_traits("a\0b"sv).has_nul);
  CHECK(line_traits("\xef\xbb\xbf"
                    "a")
            .starts_with_bom);
  CHECK_FALSE(line_traits("a\xef\xbb\xbf").starts_with_bom);
  for (std::string_view separator : {"\u2028", "\u2029", "\u0085", "\v", "\f"}) {
    CHECK(line_traits(std::string("a").append(separator)).has_line_separator);
    CHECK_FALSE(line_traits(std::string("a").append(separator)).has_control);
  }
  CHECK(line_traits("\x1b[1m").has_control);
  CHECK(line_traits("a\u0080").has_control);
  CHECK_FALSE(line_traits("a\tb").has_control);
  CHECK(line_traits("\ufffd").has_replacement);
}

TEST_CASE("Lines that differ only in case, width, composition and white space have one key") {
  CHECK(line_key("The Café") == line_key("  the\tCAFE\u0301 "));
  CHECK(line_key("STRASSE") == line_key("straße"));
  CHECK(line_key("ＡＢＣ １") == line_key("abc\u30001"));
  CHECK(line_key("plain ascii") == line_key("PLAIN ASCII"));
  CHECK(line_key("plain ascii é") == line_key("PLAIN ASCII É"));
  CHECK(line_key("a b") != line_key("ab"));
  CHECK(line_key("one") != line_key("two"));
  CHECK(line_key("\xff") != line_key("a"));
}

TEST_CASE("White space collapses to single spaces") {
  CHECK(collapse_white_space("  a \t\u00a0b\u2028c  ") == "a b c");
  CHECK(collapse_white_space(" \n ").empty());
  CHECK(collapse_white_space("a\xff b") == "a\xff b");
}

}  // namespace isthmus
