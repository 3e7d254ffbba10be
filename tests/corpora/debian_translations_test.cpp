#include "corpora/debian_translations.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "corpora/debian.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

using namespace std::literals;
using Catch::Matchers::Contains;
using Lines = std::vector<std::string>;

std::vector<PackageDescription> parse(std::string_view file, std::string_view language) {
  std::vector<PackageDescription> all;
  parse_translations(file, language, [&](PackageDescription description) { all.push_back(std::move(description)); });
  return all;
}

std::vector<Lines> paragraphs(const std::string& body) {
  const auto all = parse("Description-md5: x\nDescription-en: y\n" + body, "en");
  REQUIRE(all.size() == 1);
  return all[0].paragraphs;
}

// Invented packages; only the form is apt's.
const std::string kEnglish = R"(Package: teapot
Description-md5: 1111
Description-en: keeps tea warm
 A teapot keeps tea warm for a long
 time.
 .
 It has:
  * a lid
  * a spout that
    does not drip

Package: kettle
Description-md5: 2222
Description-en: boils water
 It boils water.

Package: spoon
Description-md5: 3333
Description-en: stirs

)";
const std::string kGerman = R"(Package: spoon
Description-md5: 3333
Description-de: rührt um

Package: teapot
Description-md5: 1111
Description-de: hält Tee warm
 Eine Teekanne hält Tee lange
 warm.
 .
 Sie hat:
  - einen Deckel
  - eine Tülle, die nicht
    tropft

Package: kettle
Description-md5: 2222
Description-de: kocht Wasser
 Er kocht Wasser.
 .
 Er pfeift.

Package: saucer
Description-md5: 4444
Description-de: steht unter der Tasse
)";

}  // namespace

TEST_CASE("Stanzas have a checksum, a synopsis and paragraphs") {
  const auto english = parse(kEnglish, "en");
  REQUIRE(english.size() == 3);
  CHECK(english[0].md5 == "1111");
  CHECK(english[0].synopsis == "keeps tea warm");
  CHECK(english[0].paragraphs == std::vector<Lines>{{"A teapot keeps tea warm for a long time."},
                                                    {"It has:", "a lid", "a spout that does not drip"}});
  CHECK(english[2].synopsis == "stirs");
  CHECK(english[2].paragraphs.empty());
  CHECK(parse(kEnglish, "de").empty());
}

TEST_CASE("Wrapped lines are joined as the script wants it") {
  CHECK(paragraphs(" one\n two\n") == std::vector<Lines>{{"one two"}});
  CHECK(paragraphs(" お湯を\n 沸かす\n") == std::vector<Lines>{{"お湯を沸かす"}});
  CHECK(paragraphs(" Linux用\n kettle\n") == std::vector<Lines>{{"Linux用 kettle"}});
  // Whether a Korean word goes on in the next line cannot be told.
  CHECK(paragraphs(" 물을 끓\n 인다\n") == std::vector<Lines>{{""}});
  CHECK(paragraphs(" 물을 끓인다\n .\n 차\n") == std::vector<Lines>{{"물을 끓인다"}, {"차"}});
  CHECK(paragraphs(" a\n .\n .\n .\n b\n") == std::vector<Lines>{{"a"}, {"b"}});
}

TEST_CASE("Lists have items, tables are left out") {
  CHECK(paragraphs(" Has:\n * one\n * two\n   more\n and so on\n") ==
        std::vector<Lines>{{"Has:", "one", "two more", "and so on"}});
  CHECK(paragraphs(" See\n   col1   col2\n   3      4\n") == std::vector<Lines>{{"See", "", ""}});
}

TEST_CASE("Any bytes are safe to parse") {
  for (const std::string& hostile :
       {""s, "\n\n\n"s, ":"s, "Description-en: x"s, "Description-md5: 1\nDescription-en:"s, " only a body\n"s,
        "\0\0\n\xff: \xfe\n"s, "Description-md5: 1\n \n .\n"s, std::string(100'000, ' '), std::string(100'000, '\n')}) {
    CHECK(parse(hostile, "en").empty());
  }
  const auto odd = parse("Description-en: \xff\xfe\nDescription-md5: 1\r\n \xff\n", "en");
  REQUIRE(odd.size() == 1);
  CHECK(odd[0].md5 == "1");
}

TEST_CASE("Descriptions are joined on the checksum") {
  const std::vector<std::string> english = {kEnglish}, german = {kGerman, kGerman};  // two suites may repeat stanzas
  JoinCounts counts;
  const ParallelText synopses = join_translations(english, german, "de", false, counts);
  CHECK(synopses.source == Lines{"stirs", "keeps tea warm", "boils water"});
  CHECK(synopses.target == Lines{"rührt um", "hält Tee warm", "kocht Wasser"});
  CHECK(counts.english == 3);
  CHECK(counts.translated == 3);

  const ParallelText bodies = join_translations(english, german, "de", true, counts);
  CHECK(bodies.source == Lines{"stirs", "keeps tea warm", "A teapot keeps tea warm for a long time.",
                               "It has:", "a lid", "a spout that does not drip", "boils water"});
  CHECK(bodies.target == Lines{"rührt um", "hält Tee warm", "Eine Teekanne hält Tee lange warm.",
                               "Sie hat:", "einen Deckel", "eine Tülle, die nicht tropft", "kocht Wasser"});
  CHECK(counts.paragraphs == 4);
  CHECK(counts.unaligned == 2);  // the kettle whistles in German only
}

TEST_CASE("What is not translated yet is left out") {
  const std::vector<std::string> english = {"Description-md5: 1\nDescription-en: a\n b\n .\n c\n"},
                                 german = {"Description-md5: 1\nDescription-de: A\n <trans>\n .\n C\n"};
  JoinCounts counts;
  CHECK(join_translations(english, german, "de", true, counts).target == Lines{"A", "C"});
}

TEST_CASE("Only language codes reach apt") {
  for (const char* good : {"it", "pt_BR", "sr@latin", "ast"}) CHECK(is_language_code(good));
  for (const char* bad : {"", "i", "IT", "it;id", "it en", "../it", "-it", "it\n", "english"}) {
    CHECK_FALSE(is_language_code(bad));
  }
  CHECK_FALSE(is_language_code(std::string(1 << 20, 'a')));
  CHECK_THROWS_WITH(fetch_debian_text("it;id", false), Contains("'it;id' is not a language code"));
  CHECK_THROWS_AS(fetch_debian_text("en", false), InputError);
}

}  // namespace isthmus
