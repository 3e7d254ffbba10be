#include "corpora/mo_file.h"

#include <cstdint>
#include <string>

#include "core/random.h"
#include "tests/catch.h"
#include "tests/corpora/mo_fixture.h"

namespace isthmus {
namespace {

using namespace std::literals;
using testing::mo_file;
using testing::mo_header;
using testing::mo_number;
using testing::MoStrings;

const MoStrings kStrings = {{"", mo_header("UTF-8")},
                            {"Open", "Öffnen"},
                            {"menu\4Open", "Aufmachen"},
                            {"%d file\0%d files"s, "%d Datei\0%d Dateien"s}};

/// `bytes` with the 32-bit number at `at` changed.
std::string with_number(std::string bytes, std::size_t at, std::uint32_t value) {
  return bytes.replace(at, 4, mo_number(value, false));
}

}  // namespace

TEST_CASE("Catalogues of both byte orders give messages, contexts and plurals") {
  for (bool big_endian : {false, true}) {
    const std::string bytes = mo_file(kStrings, big_endian);
    const MoCatalogue catalogue = parse_mo(bytes);
    CHECK(catalogue.problem.empty());
    CHECK(catalogue.charset == "UTF-8");
    REQUIRE(catalogue.messages.size() == 3);
    CHECK(catalogue.messages[0].singular == "Open");
    CHECK(catalogue.messages[0].translations == std::vector<std::string_view>{"Öffnen"});
    CHECK(catalogue.messages[1].context == "menu");
    CHECK(catalogue.messages[1].singular == "Open");
    CHECK(catalogue.messages[2].plural == "%d files");
    CHECK(catalogue.messages[2].translations == std::vector<std::string_view>{"%d Datei", "%d Dateien"});
  }
}

TEST_CASE("A catalogue without header or messages is one") {
  CHECK(parse_mo(mo_file({})).problem.empty());
  const std::string bytes = mo_file({{"a", "b"}});
  CHECK(parse_mo(bytes).charset == "US-ASCII");
  CHECK(parse_mo(mo_file({{"", "no content type"}})).charset == "US-ASCII");
  CHECK(parse_mo(mo_file({{"", mo_header("CHARSET")}})).charset == "US-ASCII");
}

TEST_CASE("What is no catalogue is told") {
  const std::string good = mo_file(kStrings);
  CHECK(parse_mo("").problem == "not a message catalogue");
  CHECK(parse_mo(std::string(100, 'x')).problem == "not a message catalogue");
  CHECK(parse_mo(with_number(good, 4, 2 << 16)).problem == "of an unknown format revision");
  CHECK(parse_mo(with_number(good, 4, 1)).problem.empty());  // a minor revision
  CHECK(parse_mo(with_number(good, 8, 0xffffffff)).problem == "cut short");
  CHECK(parse_mo(with_number(good, 12, 0xfffffff0)).problem == "cut short");
  CHECK(parse_mo(with_number(good, 28 + 8, 0xffffffff)).problem == "damaged: a string lies outside the file");
  CHECK(parse_mo(with_number(good, 28 + 12, 0xffffffff)).problem == "damaged: a string lies outside the file");
  CHECK(parse_mo(with_number(good, 28 + 8, 3)).problem == "damaged: a string lies outside the file");  // no NUL there
}

TEST_CASE("Every cut of a catalogue is refused") {
  const std::string good = mo_file(kStrings);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string cut = good.substr(0, size);
    CHECK_FALSE(parse_mo(cut).problem.empty());
  }
}

TEST_CASE("A small file cannot claim to hold much text") {
  // A thousand messages that all point to the same long string.
  const std::string text(10'000, 'x');
  std::string bytes;
  for (std::uint32_t value : {0x950412deu, 0u, 1000u, 28u, 28u, 0u, 0u}) bytes += mo_number(value, false);
  for (int i = 0; i < 1000; ++i) bytes += mo_number(10'000, false) + mo_number(28 + 8000, false);
  bytes += text + '\0';
  CHECK(parse_mo(bytes).problem == "damaged: its strings overlap");
}

TEST_CASE("Damaged bytes never lead outside the file") {
  const std::string good = mo_file(kStrings);
  Random random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[random.below(bytes.size())] = static_cast<char>(random.bits());
    for (const MoMessage& message : parse_mo(bytes).messages) {
      const char* begin = bytes.data();
      REQUIRE(message.singular.data() >= begin);
      REQUIRE(message.singular.data() + message.singular.size() < begin + bytes.size());
      REQUIRE_FALSE(message.translations.empty());
    }
  }
}

}  // namespace isthmus
