#include "corpora/gettext.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/corpora/mo_fixture.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using namespace std::literals;
using Catch::Matchers::Contains;
using testing::mo_file;
using testing::mo_header;
using testing::MoStrings;
using testing::TemporaryFolder;
using Lines = std::vector<std::string>;

struct Added {
  ParallelText text;
  GettextCounts counts;
};

Added add(const MoStrings& strings, FormatStrings format_strings = FormatStrings::kKeep) {
  Added added;
  add_catalogue(mo_file(strings), format_strings, added.text, added.counts);
  return added;
}

}  // namespace

TEST_CASE("Messages become pairs of lines, a plural becomes two") {
  const Added added = add({{"", mo_header("UTF-8")},
                           {"menu\4_Open", "Ö_ffnen"},
                           {"Two\nlines", "Zwei\nZeilen"},
                           {"%d file\0%d files"s, "%d plik\0%d pliki\0%d plików"s},
                           {"untranslated", ""}});
  CHECK(added.text.source == Lines{"Open", "Two lines", "%d file", "%d files"});
  CHECK(added.text.target == Lines{"Öffnen", "Zwei Zeilen", "%d plik", "%d plików"});
  CHECK(added.counts.messages == 4);
  // Korean has one form for both.
  const Added korean = add({{"", mo_header("UTF-8")}, {"%d file\0%d files"s, "파일 %d개"}});
  CHECK(korean.text.target == Lines{"파일 %d개", "파일 %d개"});
}

TEST_CASE("Names, symbols and translations with other placeholders are left out and counted") {
  const MoStrings strings = {{"", mo_header("utf8")}, {"ERR_OPEN", "Fehler"},     {"%d", "%d"},
                             {"%s is full", "voll"},  {"%s of %d", "%2$d: %1$s"}, {"plain", "schlicht"}};
  const Added kept = add(strings);
  CHECK(kept.text.source == Lines{"%s of %d", "plain"});
  CHECK(kept.counts.identifiers == 2);
  CHECK(kept.counts.mismatched == 1);
  const Added dropped = add(strings, FormatStrings::kDrop);
  CHECK(dropped.text.source == Lines{"plain"});
  CHECK(dropped.counts.format_strings == 1);
}

TEST_CASE("Other character sets are converted, unknown ones counted") {
  const Added latin = add({{"", mo_header("ISO-8859-1")},
                           {"Open",
                            "\xd6"
                            "ffnen"}});
  CHECK(latin.text.target == Lines{"Öffnen"});
  const Added korean = add({{"", mo_header("EUC-KR")}, {"File", "\xc6\xc4\xc0\xcf"}, {"Bad", "\xc6"}});
  CHECK(korean.text.target == Lines{"파일"});  // what is not EUC-KR is left out
  const Added unknown = add({{"", mo_header("x-no-such-charset")}, {"Open", "Auf"}});
  CHECK(unknown.text.size() == 0);
  CHECK(unknown.counts.other_charset == 1);
}

TEST_CASE("The catalogues of a language are found in the folders") {
  TemporaryFolder folder;
  const auto catalogue = [](const std::string& source, const std::string& target) {
    return mo_file({{"", mo_header("UTF-8")}, {source, target}});
  };
  folder.write("locale/de/LC_MESSAGES/a.mo", catalogue("one", "eins"));
  folder.write("locale/de/LC_MESSAGES/b.mo", catalogue("one", "eins"));  // a repetition
  folder.write("locale/de.UTF-8/LC_MESSAGES/c.mo", catalogue("two", "zwei"));
  folder.write("locale/de_AT/LC_MESSAGES/d.mo", catalogue("three", "drei"));
  folder.write("locale/de/LC_MESSAGES/readme.txt", "not this");
  folder.write("locale/de/LC_MESSAGES/broken.mo", "not a catalogue");
  folder.write("po/de.mo", catalogue("four", "vier"));
  folder.write("po/fr.mo", catalogue("five", "cinq"));
  folder.write("po/de_same.mo", catalogue("same", "same"));
  const std::vector<std::string> folders = {folder.path("po"), folder.path("locale"), folder.path("po")};
  const GettextText gathered = gather_gettext(folders, "de", FormatStrings::kKeep);
  CHECK(gathered.text.source == Lines{"one", "two", "four"});
  CHECK(gathered.text.target == Lines{"eins", "zwei", "vier"});
  CHECK(gathered.counts.catalogues == 5);
  CHECK(gathered.counts.damaged == 1);
  CHECK(gathered.cleaned[Cleaning::kDroppedDuplicate] == 1);

  CHECK_THROWS_WITH(gather_gettext(folders, "ja", FormatStrings::kKeep),
                    Contains("no message catalogues of ja") && Contains("there are catalogues of de, de_AT, fr"));
  CHECK_THROWS_WITH(gather_gettext(std::vector<std::string>{folder.path("none")}, "de", FormatStrings::kKeep),
                    Contains("none: no such folder"));
}

}  // namespace isthmus
