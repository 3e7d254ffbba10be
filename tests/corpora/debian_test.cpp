#include "corpora/debian.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Lines = std::vector<std::string>;
using testing::TemporaryFolder;

/// A shell that plays apt-get and apt-helper. `update` is what the first does after its -c CONFIG update: $lists is the
/// folder that it was told to write to. `index` prints what it finds there.
class FakeApt {
 public:
  explicit FakeApt(const std::string& update, const std::string& helper = "cat \"$2\"") {
    folder_.write("scratch/here", "");
    program("apt-get",
            "[ \"$1\" = -c ] || exit 9\n"
            "cp \"$2\" '" +
                folder_.path("config") +
                "'\n"
                "lists=$(sed -n 's/^Dir::State::Lists \"\\(.*\\)\";$/\\1/p' \"$2\")\n"
                "[ -d \"$lists/partial\" ] || exit 9\n"
                "case $3 in\n"
                "update) " +
                update +
                ";;\n"
                "indextargets)\n"
                "  for file in \"$lists\"/*_Translation-*; do echo \"${file##*-} $file\"; done\n"
                "  echo \"en $lists/that was not fetched\"\n"
                "  for file in \"$lists\"/*_Translation-*; do echo \"${file##*-} $file\"; done;;\n"
                "*) exit 9;;\n"
                "esac\n");
    program("apt-helper", "[ \"$1\" = cat-file ] || exit 9\n" + helper + "\n");
    const char* old = std::getenv("TMPDIR");
    if (old != nullptr) old_ = old;
    ::setenv("TMPDIR", folder_.path("scratch").c_str(), 1);
  }
  ~FakeApt() { old_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", old_.c_str(), 1); }
  FakeApt(const FakeApt&) = delete;
  FakeApt& operator=(const FakeApt&) = delete;

  DebianText fetch(const std::string& language, bool body = false) const {
    return fetch_debian_text(language, body, {folder_.path("apt-get"), folder_.path("apt-helper")});
  }
  std::string config() const { return folder_.read("config"); }
  const TemporaryFolder& folder() const { return folder_; }

  /// Whether a temporary folder was left.
  bool left_something() const {
    for (const auto& entry : fs::directory_iterator(folder_.path("scratch"))) {
      if (entry.path().filename() != "here") return true;
    }
    return false;
  }

 private:
  void program(const std::string& name, const std::string& text) const {
    fs::permissions(folder_.write(name, "#!/bin/sh\n" + text), fs::perms::owner_all);
  }

  TemporaryFolder folder_;
  std::string old_;
};

const std::string kEnglish =
    "printf 'Package: teapot\\nDescription-md5: 1111\\nDescription-en: keeps tea warm\\n It keeps tea warm for "
    "hours.\\n"
    "\\nPackage: spoon\\nDescription-md5: 2222\\nDescription-en: stirs what is hot\\n It stirs.\\n"
    "\\nPackage: logo\\nDescription-md5: 3333\\nDescription-en: TEAPOT\\n' > "
    "\"$lists/host_main_i18n_Translation-en\"\n";
const std::string kItalian =
    "printf 'Package: spoon\\nDescription-md5: 2222\\nDescription-it: mescola quel che scotta\\n Mescola.\\n"
    "\\nPackage: logo\\nDescription-md5: 3333\\nDescription-it: TEAPOT\\n' > \"$lists/host_main_i18n_Translation-it\"\n"
    "printf 'Package: teapot\\nDescription-md5: 1111\\nDescription-it: tiene caldo il te\\n Tiene caldo il te per ore."
    "\\n' > \"$lists/host_contrib_i18n_Translation-it\"\n";
/// An archive's table of contents.
const std::string kRelease =
    "printf ' aa 1 main/i18n/Translation-en\\n aa 1 main/i18n/Translation-it\\n aa 1 main/i18n/Translation-it.bz2\\n"
    " aa 1 main/i18n/Translation-pt_BR\\n' > \"$lists/host_InRelease\"\n";

}  // namespace

TEST_CASE("Descriptions are fetched, joined and cleaned, and nothing is left behind") {
  const FakeApt apt("echo 'Get:1 something'\n" + kEnglish + kItalian);
  const DebianText debian = apt.fetch("it");
  CHECK(debian.joined.english == 3);
  CHECK(debian.joined.translated == 3);
  CHECK(debian.text.source == Lines{"keeps tea warm", "stirs what is hot"});  // a copy is no translation
  CHECK(debian.text.target == Lines{"tiene caldo il te", "mescola quel che scotta"});
  CHECK_FALSE(apt.left_something());
  const DebianText with_body = apt.fetch("it", true);
  CHECK(with_body.text.size() == 4);
}

TEST_CASE("apt is told to leave the system's own lists alone") {
  const FakeApt apt(kEnglish + kItalian);
  apt.fetch("it");
  const std::string scratch = apt.folder().path("scratch");
  CHECK_THAT(apt.config(), Contains("Dir::State::Lists \"" + scratch + "/") &&
                               Contains("Dir::Cache \"" + scratch + "/") &&
                               Contains("Acquire::Languages { \"en\"; \"it\"; };") && Contains("#clear APT::Update;"));
}

TEST_CASE("What is not a language never reaches apt") {
  const FakeApt apt("exit 9");
  CHECK_THROWS_WITH(apt.fetch("it\"; x"), Contains("is not a language code"));
  CHECK_THROWS_WITH(apt.fetch("en"), Contains("translated from en"));
  CHECK_FALSE(fs::exists(apt.folder().path("config")));
}

TEST_CASE("Without a network the error says what apt said") {
  const FakeApt broken("echo 'W: a warning' >&2; echo 'E: The repository is gone' >&2; exit 100");
  CHECK_THROWS_WITH(broken.fetch("it"),
                    Contains("apt-get update failed: E: The repository is gone; is there a network"));
  CHECK_FALSE(broken.left_something());
  const FakeApt silent("exit 100");
  CHECK_THROWS_WITH(silent.fetch("it"), Contains("apt-get update failed: no reason given"));
  // apt-get ends well when it got nothing.
  const FakeApt nothing("echo 'W: Failed to fetch' >&2");
  CHECK_THROWS_WITH(nothing.fetch("it"), Contains("found no package descriptions (W: Failed to fetch); is there"));
  CHECK_FALSE(nothing.left_something());
}

TEST_CASE("A language without translations gets the list of those that have some") {
  const FakeApt apt(kEnglish + kItalian + kRelease);
  CHECK_THROWS_WITH(apt.fetch("de"), Contains("no package descriptions are translated into de; there are it, pt_BR"));
  const FakeApt none(kEnglish);
  CHECK_THROWS_WITH(none.fetch("de"), Contains("there are none in any language"));
  // It is in the table of contents but did not come.
  const FakeApt missed(kEnglish + kRelease + "echo 'W: Failed to fetch it' >&2");
  CHECK_THROWS_WITH(missed.fetch("it"),
                    Contains("did not get the translations into it: W: Failed to fetch it; try again"));
}

TEST_CASE("A list that apt cannot read is named") {
  const FakeApt apt(kEnglish + kItalian, "echo 'E: no such compression' >&2; exit 1");
  CHECK_THROWS_WITH(apt.fetch("it"), Contains("_Translation-en: apt cannot read it: E: no such compression"));
  CHECK_FALSE(apt.left_something());
}

TEST_CASE("A machine without apt is told what does without it") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(fetch_debian_text("it", false, {"apt-get", folder.path("apt-helper")}),
                    Contains("there is no " + folder.path("apt-helper")) && Contains("gettext and phrasebook do not"));
  const std::string helper = folder.write("apt-helper", "");
  CHECK_THROWS_WITH(fetch_debian_text("it", false, {folder.path("apt-get"), helper}),
                    Contains("cannot run " + folder.path("apt-get")));
}

}  // namespace isthmus
