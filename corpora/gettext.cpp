#include "corpora/gettext.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/progress.h"
#include "corpora/debian.h"
#include "corpora/interface_text.h"
#include "corpora/mo_file.h"

namespace isthmus {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;

/// Converts from one character set to UTF-8.
class Charset {
 public:
  explicit Charset(const std::string& name) : is_utf8_(ucnv_compareNames(name.c_str(), "UTF-8") == 0) {
    if (is_utf8_) return;
    UErrorCode status = U_ZERO_ERROR;
    converter_.reset(ucnv_open(name.c_str(), &status));
    if (converter_ == nullptr) return;
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    if (U_FAILURE(status)) converter_.reset();
  }

  bool known() const { return is_utf8_ || converter_ != nullptr; }

  /// Nothing when the bytes are not of this character set.
  std::optional<std::string> to_utf8(std::string_view bytes) const {
    if (is_utf8_) return std::string(bytes);
    UErrorCode status = U_ZERO_ERROR;
    std::u16string text(bytes.size() * 2 + 16, u'\0');
    const auto size = ucnv_toUChars(converter_.get(), text.data(), static_cast<std::int32_t>(text.size()), bytes.data(),
                                    static_cast<std::int32_t>(bytes.size()), &status);
    if (U_FAILURE(status)) return std::nullopt;
    text.resize(static_cast<std::size_t>(size));
    return icu_to_utf8(text);
  }

 private:
  static std::string icu_to_utf8(const std::u16string& text) {
    std::string utf8(text.size() * 3, '\0');
    std::int32_t size = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(utf8.data(), static_cast<std::int32_t>(utf8.size()), &size, text.data(),
                static_cast<std::int32_t>(text.size()), &status);
    utf8.resize(U_FAILURE(status) ? 0 : static_cast<std::size_t>(size));
    return utf8;
  }

  struct Close {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
  };

  bool is_utf8_;
  std::unique_ptr<UConverter, Close> converter_;
};

/// Turns messages into pairs of lines.
class PairMaker {
 public:
  PairMaker(const Charset& charset, FormatStrings format_strings, ParallelText& text, GettextCounts& counts)
      : charset_(charset), format_strings_(format_strings), text_(text), counts_(counts) {}

  void add(std::string_view message, std::string_view translation) {
    if (translation.empty()) return;
    ++counts_.messages;
    const auto source = charset_.to_utf8(message), target = charset_.to_utf8(translation);
    if (!source || !target) return;
    const std::vector<std::string> places = placeholders(*source);
    if (is_identifier(*source) || !has_words(*source)) {
      ++counts_.identifiers;
    } else if (placeholders(*target) != places) {
      ++counts_.mismatched;
    } else if (!places.empty() && format_strings_ == FormatStrings::kDrop) {
      ++counts_.format_strings;
    } else {
      text_.source.push_back(interface_text(*source));
      text_.target.push_back(interface_text(*target));
    }
  }

 private:
  const Charset& charset_;
  FormatStrings format_strings_;
  ParallelText& text_;
  GettextCounts& counts_;
};

/// The language of a catalogue by its path: ko for ko/LC_MESSAGES/x.mo, ko.UTF-8/LC_MESSAGES/x.mo and ko.mo.
std::string language_of(const fs::path& path) {
  const fs::path folder = path.parent_path();
  std::string name = folder.filename() == "LC_MESSAGES" ? folder.parent_path().filename() : path.stem();
  if (const std::size_t codeset = name.find('.'); codeset != std::string::npos) {
    const std::size_t modifier = std::min(name.find('@', codeset), name.size());
    name.erase(codeset, modifier - codeset);
  }
  return name;
}

/// All .mo files below the folders, in a fixed order.
std::vector<fs::path> catalogues_below(std::span<const std::string> folders) {
  std::vector<fs::path> paths;
  for (const std::string& folder : folders) {
    if (!fs::is_directory(folder)) throw InputError::in_file(folder, "no such folder", "give folders with .mo files");
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code ignored;  // a file may vanish, a link may lead nowhere
      if (entry->path().extension() == ".mo" && entry->is_regular_file(ignored)) paths.push_back(entry->path());
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

[[noreturn]] void no_catalogue(const std::string& language, std::span<const std::string> folders,
                               const std::vector<fs::path>& paths) {
  std::set<std::string> languages;
  for (const fs::path& path : paths) {
    if (std::string name = language_of(path); is_language_code(name)) languages.insert(std::move(name));
  }
  throw InputError(fmt::format("no message catalogues of {} below {}; {}", language, fmt::join(folders, ", "),
                               languages.empty()
                                   ? "there are none of any language: was this system set up without translations?"
                                   : fmt::format("there are catalogues of {}", fmt::join(languages, ", "))));
}

}  // namespace

std::vector<std::string> default_catalogue_folders() {
  std::vector<std::string> folders;
  // Ubuntu's language packs have a folder of their own.
  for (const char* folder : {"/usr/share/locale", "/usr/share/locale-langpack", "/usr/local/share/locale"}) {
    if (fs::is_directory(folder)) folders.emplace_back(folder);
  }
  return folders;
}

void add_catalogue(std::string_view bytes, FormatStrings format_strings, ParallelText& text, GettextCounts& counts) {
  ++counts.catalogues;
  const MoCatalogue catalogue = parse_mo(bytes);
  if (!catalogue.problem.empty()) return void(++counts.damaged);
  const Charset charset(catalogue.charset);
  if (!charset.known()) return void(++counts.other_charset);
  PairMaker pairs(charset, format_strings, text, counts);
  for (const MoMessage& message : catalogue.messages) {
    pairs.add(message.singular, message.translations.front());
    if (!message.plural.empty()) pairs.add(message.plural, message.translations.back());
  }
}

GettextText gather_gettext(std::span<const std::string> folders, const std::string& language,
                           FormatStrings format_strings) {
  const std::vector<fs::path> paths = catalogues_below(folders);
  GettextText gathered;
  gathered.text.source_name = "messages";
  gathered.text.target_name = language;
  Progress progress("reading", "catalogues", static_cast<std::int64_t>(paths.size()));
  std::int64_t seen = 0;
  for (const fs::path& path : paths) {
    if (interrupted()) throw Interrupted();
    progress.update(++seen);
    if (language_of(path) != language) continue;
    std::error_code ignored;
    if (fs::file_size(path, ignored) > kMaxFileBytes) continue;
    const std::size_t damaged = gathered.counts.damaged;
    add_catalogue(read_file(path.string(), kMaxFileBytes), format_strings, gathered.text, gathered.counts);
    if (gathered.counts.damaged > damaged) log_warning("{}: damaged message catalogue, passed over", path.string());
  }
  if (gathered.counts.catalogues == 0) no_catalogue(language, folders, paths);
  gathered.cleaned = clean_corpus(gathered.text, nullptr, {});
  return gathered;
}

}  // namespace isthmus
