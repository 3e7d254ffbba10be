// Target "model_file": see targets.h.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "decode/load_translation_model.h"
#include "decode/translator.h"
#include "tests/core/section_bytes.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/fuzz/small_models.h"
#include "tests/fuzz/targets.h"

namespace isthmus::fuzz {
namespace {

using Sections = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kTrailerBytes = 16;

/// Sections of an archive that is whole; nothing of any other.
std::optional<Sections> sections_of(std::string_view archive) {
  const auto number = [&]() -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    if (archive.size() < sizeof(value)) return std::nullopt;
    std::memcpy(&value, archive.data(), sizeof(value));
    archive.remove_prefix(sizeof(value));
    return value;
  };
  const auto bytes = [&]() -> std::optional<std::string> {
    const std::optional<std::uint64_t> size = number();
    if (!size || *size > archive.size()) return std::nullopt;
    std::string found(archive.substr(0, *size));
    archive.remove_prefix(*size);
    return found;
  };
  Sections sections;
  const std::optional<std::uint64_t> count = number();
  for (std::uint64_t i = 0; i < count.value_or(0); ++i) {
    std::optional<std::string> name = bytes();
    std::optional<std::string> content = bytes();
    if (!name || !content) return std::nullopt;
    sections.emplace_back(std::move(*name), std::move(*content));
  }
  return sections.empty() ? std::nullopt : std::optional(std::move(sections));
}

std::string_view archive_in(std::string_view file) {
  if (file.size() < kHeaderBytes + kTrailerBytes) return {};
  return file.substr(kHeaderBytes, file.size() - kHeaderBytes - kTrailerBytes);
}

void change(std::string& bytes, const ChangeBytes& change_bytes) {
  std::size_t size = bytes.size();
  bytes.resize(size + size / 4 + 64);
  size = change_bytes(reinterpret_cast<std::uint8_t*>(bytes.data()), size, bytes.size());
  bytes.resize(size);
}

/// Another number in place of one of a JSON text.
void change_number(std::string& json, Random& random) {
  static constexpr std::array<std::string_view, 16> kNumbers = {
      "0",   "1",    "-1",   "2",   "3",      "6", "7", "65536", "2147483648", "4294967296", "9223372036854775807",
      "1e9", "1e99", "0.25", "1.0", "\"gru\""};
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t i = 0; i < json.size();) {
    const std::size_t begin = std::min(json.find_first_of("0123456789", i), json.size());
    const std::size_t end = std::min(json.find_first_not_of("0123456789.e+-", begin), json.size());
    if (begin < end) places.emplace_back(begin, end);
    i = end;
  }
  if (places.empty()) return;
  const auto [begin, end] = places[random.below(places.size())];
  json.replace(begin, end - begin, kNumbers[random.below(kNumbers.size())]);
}

}  // namespace

void model_file(std::string_view bytes) {
  static const testing::TemporaryFolder folder;
  const std::string path = folder.write("model.isthmus", bytes);
  std::optional<TranslationModel> model;
  try {
    model = translation_model(load_translation_model(path));
  } catch (const InputError& error) {
    require(std::string_view(error.what()).starts_with(path), std::string("an error names the file: ") + error.what());
    return;
  }
  SearchOptions search;
  search.beam = 2;
  search.max_length_factor = 0.5;
  search.max_length_extra = 3;
  Translator translator(std::move(*model), search, {.batch = 2, .threads = 1, .max_source_length = 20});
  const std::vector<std::string> lines = {"the baker opens 배 <de> \xff.", "", "a"};
  const std::vector<Translation> translations = translator.translate(lines, {"lines", 1});
  for (const Translation& translation : translations) {
    require(translation.text().find('\n') == std::string_view::npos, "a translation is a line");
  }
}

std::string mutated_model_file(std::string_view file, std::size_t capacity, std::uint64_t seed,
                               const ChangeBytes& change_bytes) {
  Random random(seed);
  std::optional<Sections> sections = sections_of(archive_in(file));
  std::string result;
  if (!sections || random.below(16) == 0) {
    result = file;
    change(result, change_bytes);
    if (random.below(2) == 0) result = testing::section_file("model", 1, archive_in(result));
  } else {
    auto& [name, content] = (*sections)[random.below(sections->size())];
    const std::uint64_t kind = random.below(16);
    if (kind == 0) {
      change(name, change_bytes);
    } else if (kind == 1) {
      std::swap(content, (*sections)[random.below(sections->size())].second);
    } else if (kind < 6 && name == "options") {
      change_number(content, random);
    } else {
      change(content, change_bytes);
    }
    std::string archive = testing::archive_of(*sections);
    if (random.below(32) == 0) change(archive, change_bytes);
    result = testing::section_file("model", 1, archive);
  }
  return result.size() <= capacity ? result : result.substr(0, capacity);
}

std::vector<std::string> model_file_seeds() { return small_models(); }

}  // namespace isthmus::fuzz
