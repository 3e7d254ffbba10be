#include "corpora/debian.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "corpora/process.h"

namespace isthmus {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNoApt = "this needs Debian's or Ubuntu's apt; isthmus corpus gettext and phrasebook do not";

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "isthmus-apt-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw InputError::in_file(pattern, "cannot make a temporary folder", "set TMPDIR to a folder that is writable");
    }
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  fs::path operator/(std::string_view name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// The last line of a program's progress as the status line of the terminal.
class StatusLine {
 public:
  ~StatusLine() { set_status_line(""); }
  void operator()(std::string_view bytes) {
    for (char c : bytes) {
      if (c == '\n' && !line_.empty()) set_status_line(line_.substr(0, terminal_width() - 1));
      if (c == '\n') {
        line_.clear();
      } else if (std::isprint(static_cast<unsigned char>(c)) != 0) {
        line_ += c;
      }
    }
  }

 private:
  std::string line_;
};

/// apt's lists of package descriptions in a folder of our own.
class AptLists {
 public:
  AptLists(const AptPrograms& apt, const std::string& language)
      : apt_(apt), config_((folder_ / "apt.conf").string()), language_(language) {
    if (!fs::exists(apt_.helper)) throw InputError(fmt::format("there is no {} here; {}", apt_.helper, kNoApt));
    fs::create_directories(folder_ / "lists/partial");
    fs::create_directories(folder_ / "cache/archives/partial");
    write_file_atomically(config_, configuration());
  }

  /// Downloads. apt-get ends well even when it got nothing; files() tells.
  void update() {
    StatusLine status;
    const ProcessResult result = apt_get({"update", "-q"}, [&status](std::string_view bytes) { status(bytes); });
    complaint_ = first_complaint(result.errors);
    if (result.exit_code != 0) {
      throw InputError(fmt::format("apt-get update failed: {}; is there a network, and are apt's sources right?",
                                   complaint_.empty() ? "no reason given" : complaint_));
    }
  }

  /// The contents of the Translation files of a language.
  std::vector<std::string> files(std::string_view language) {
    const ProcessResult targets =
        apt_get({"indextargets", "--format", "$(LANGUAGE) $(FILENAME)", "Created-By: Translations"});
    std::vector<std::string> contents;
    std::set<std::string> paths;
    std::istringstream lines(targets.output);
    for (std::string name, path; lines >> name && std::getline(lines >> std::ws, path);) {
      if (name != language || !fs::exists(path) || !paths.insert(path).second) continue;
      ProcessResult file = run_process({apt_.helper, "cat-file", path});
      if (file.exit_code != 0) throw InputError::in_file(path, "apt cannot read it: " + first_complaint(file.errors));
      contents.push_back(std::move(file.output));
    }
    return contents;
  }

  /// The languages that the archive's own table of contents names.
  std::vector<std::string> available() const {
    constexpr std::string_view kEntry = "/i18n/Translation-";
    std::set<std::string> languages;
    for (const auto& entry : fs::directory_iterator(folder_ / "lists")) {
      if (!entry.path().filename().string().ends_with("Release")) continue;
      std::istringstream lines(read_file(entry.path().string()));
      for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find(kEntry);
        if (at == std::string::npos) continue;
        const std::string name = line.substr(at + kEntry.size());
        if (is_language_code(name) && name != "en") languages.insert(name);  // not "it.bz2"
      }
    }
    return {languages.begin(), languages.end()};
  }

  /// What apt complained about, if it did.
  const std::string& complaint() const { return complaint_; }

 private:
  /// The system's sources and keys; everything that is written goes to the folder, and no one's hooks run.
  std::string configuration() const {
    const passwd* user = ::getpwuid(::geteuid());
    return fmt::format(
        "#clear APT::Update;\n"
        "#clear Acquire::Languages;\n"
        "Acquire::Languages {{ \"en\"; \"{}\"; }};\n"
        "Acquire::IndexTargets::deb::Packages::DefaultEnabled \"false\";\n"
        "Dir::State::Lists \"{}\";\n"
        "Dir::Cache \"{}\";\n"
        "APT::Sandbox::User \"{}\";\n",
        language_, (folder_ / "lists").string(), (folder_ / "cache").string(), user == nullptr ? "" : user->pw_name);
  }

  ProcessResult apt_get(std::vector<std::string> arguments,
                        const std::function<void(std::string_view)>& on_output = {}) const {
    std::vector<std::string> command = {apt_.get, "-c", config_};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_process(command, on_output);
  }

  static std::string first_complaint(const std::string& errors) {
    std::istringstream lines(errors);
    std::string first;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("E:")) return line;
      if (first.empty() && line.starts_with("W:")) first = line;
    }
    return first;
  }

  AptPrograms apt_;
  TemporaryFolder folder_;
  std::string config_;
  std::string language_;
  std::string complaint_;
};

}  // namespace

bool is_language_code(const std::string& language) {
  static const std::regex kCode("[a-z]{2,3}(_[A-Z]{2})?(@[a-z]+)?");
  return language.size() < 32 && std::regex_match(language, kCode);
}

DebianText fetch_debian_text(const std::string& language, bool body, const AptPrograms& apt) {
  if (!is_language_code(language)) {
    throw InputError(fmt::format("'{}' is not a language code such as it, de or pt_BR", language));
  }
  if (language == "en") throw InputError("the descriptions are translated from en; choose another --lang");
  AptLists lists(apt, language);
  log_info("fetching package descriptions in en and {} with apt-get (about 10 MB)", language);
  lists.update();
  const std::vector<std::string> english = lists.files("en");
  if (english.empty()) {
    throw InputError(
        fmt::format("apt-get found no package descriptions{}; is there a network, and are there sources in "
                    "/etc/apt?",
                    lists.complaint().empty() ? "" : " (" + lists.complaint() + ")"));
  }
  const std::vector<std::string> translated = lists.files(language);
  if (translated.empty()) {
    const std::vector<std::string> available = lists.available();
    const bool should_be_there = std::find(available.begin(), available.end(), language) != available.end();
    if (should_be_there) {
      throw InputError(fmt::format("apt-get did not get the translations into {}: {}; try again", language,
                                   lists.complaint().empty() ? "no reason given" : lists.complaint()));
    }
    throw InputError(
        fmt::format("no package descriptions are translated into {}; there are {}", language,
                    available.empty() ? "none in any language" : fmt::format("{}", fmt::join(available, ", "))));
  }
  DebianText debian;
  debian.text = join_translations(english, translated, language, body, debian.joined);
  debian.cleaned = clean_corpus(debian.text, nullptr, {});
  return debian;
}

}  // namespace isthmus
