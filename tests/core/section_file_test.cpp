#include "core/section_file.h"

#include "core/error.h"
#include "core/process_info.h"
#include "tests/catch.h"
#include "tests/core/file_size_limit.h"
#include "tests/core/section_bytes.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using testing::archive_of;
using testing::copied_sections;
using testing::FileSizeLimit;
using testing::number_bytes;
using testing::section_file;
using testing::sized;
using testing::TemporaryFolder;

using SectionBytes = std::map<std::string, std::string>;

const SectionBytes kSections = {
    {"empty", ""}, {"options", "{\"a\": 1}"}, {"values", std::string("\0\x01\xFF\n\r\0", 6)}};

std::string write_example(const TemporaryFolder& folder) {
  std::vector<Section> sections;
  for (const auto& [name, bytes] : kSections) sections.push_back({name, bytes});
  write_sections(folder.path("file"), "model", sections);
  return folder.path("file");
}

/// The message without the file's name; "no error" when the bytes are accepted. Anything but an InputError fails.
std::string failure(const TemporaryFolder& folder, std::string_view bytes) {
  const std::string path = folder.write("broken", bytes);
  try {
    read_sections(path, "model");
  } catch (const InputError& error) {
    const std::string message = error.what();
    REQUIRE(message.starts_with(path + ": "));
    return message.substr(path.size() + 2);
  }
  return "no error";
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("sections come back as they were written") {
  const TemporaryFolder folder;
  CHECK(copied_sections(write_example(folder), "model") == kSections);
  write_sections(folder.path("none"), "model", {});
  CHECK(copied_sections(folder.path("none"), "model").empty());
}

TEST_CASE("the bytes of a file are those that its description promises") {
  const TemporaryFolder folder;
  write_example(folder);
  CHECK(folder.read("file") == section_file("model", 1, archive_of({kSections.begin(), kSections.end()})));
}

TEST_CASE("a large section takes the way past the buffers") {
  const TemporaryFolder folder;
  const std::string large(3 << 20, 'x');
  write_sections(folder.path("a"), "state", {{"large", large}, {"small", "y"}});
  CHECK(copied_sections(folder.path("a"), "state") == SectionBytes{{"large", large}, {"small", "y"}});
}

TEST_CASE("a file cut anywhere is refused") {
  const TemporaryFolder folder;
  write_example(folder);
  const std::string whole = folder.read("file");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string message = failure(folder, std::string_view(whole).substr(0, size));
    if (size < 8) {
      CHECK(has(message, "is not a file that Isthmus wrote"));
    } else {
      CHECK(has(message, "is cut short"));
      CHECK(has(message, "; the file is damaged"));
    }
  }
  CHECK(failure(folder, whole + "x") != "no error");
  CHECK(failure(folder, whole) == "no error");
}

TEST_CASE("a single wrong byte anywhere is found") {
  const TemporaryFolder folder;
  write_example(folder);
  const std::string whole = folder.read("file");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xFF}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      CAPTURE(i, flip);
      CHECK(failure(folder, bytes) != "no error");
    }
  }
  std::string value_changed = whole;
  value_changed[whole.size() - 20] ^= 1;
  CHECK(has(failure(folder, value_changed), "has a wrong checksum; the file is damaged"));
}

TEST_CASE("a file of another kind or version says so") {
  const TemporaryFolder folder;
  CHECK(failure(folder, section_file("state", 1, archive_of({}))) == "holds a state, not a model; give the other file");
  CHECK(failure(folder, section_file("models", 1, archive_of({}))) ==
        "holds a models, not a model; give the other file");
  for (const char* kind : {"", "m\x1b[2J"}) {
    CHECK(has(failure(folder, section_file(kind, 1, archive_of({}))), "has a damaged header; the file is damaged"));
  }
  CHECK(has(failure(folder, section_file("model", 2, archive_of({}))),
            "has format version 2; this program reads version 1; use the release"));
}

TEST_CASE("a foreign file says so") {
  const TemporaryFolder folder;
  for (const std::string_view bytes :
       {"", "ISTHMUS", "isthmus\nmodel", "PK\x03\x04 a zip file of some length, really",
        "A sentence of plain text, longer than any header could be, for good measure."}) {
    CHECK(has(failure(folder, bytes), "is not a file that Isthmus wrote; give the name of a file that ends in"));
  }
  CHECK_FALSE(is_section_file(folder.path("missing")));
  CHECK_FALSE(is_section_file(folder.path("")));
  CHECK_THROWS_AS(read_sections(folder.path("missing"), "model"), InputError);
  CHECK_THROWS_AS(read_sections(folder.path(""), "model"), InputError);
}

TEST_CASE("sizes that lie behind a right checksum are refused before anything is allocated") {
  const TemporaryFolder folder;
  const std::string one = number_bytes(std::uint64_t{1});
  const std::int64_t peak = peak_memory();
  for (const std::uint64_t size :
       {std::uint64_t{1}, std::uint64_t{1} << 31, std::uint64_t{1} << 40, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    CAPTURE(size);
    const std::string hostile_name = section_file("model", 1, one + number_bytes(size));
    CHECK(has(failure(folder, hostile_name), "has a section that is longer than the file"));
    const std::string hostile_bytes = section_file("model", 1, one + sized("values") + number_bytes(size));
    CHECK(has(failure(folder, hostile_bytes), "has a section that is longer than the file"));
  }
  CHECK(peak_memory() - peak < 64 << 20);
}

TEST_CASE("a count of sections that are not there is refused") {
  const TemporaryFolder folder;
  const std::int64_t peak = peak_memory();
  for (const std::uint64_t count : {std::uint64_t{2}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    CAPTURE(count);
    const std::string bytes = section_file("model", 1, number_bytes(count) + sized("a") + sized("b"));
    CHECK(has(failure(folder, bytes), "ends inside a section"));
  }
  CHECK(peak_memory() - peak < 64 << 20);
}

TEST_CASE("an archive cut anywhere, with a right checksum, is refused") {
  const TemporaryFolder folder;
  const std::string archive = archive_of({{"a", "xyz"}, {"b", ""}});
  for (std::size_t size = 0; size < archive.size(); ++size) {
    CAPTURE(size);
    CHECK(failure(folder, section_file("model", 1, archive.substr(0, size))) != "no error");
  }
  CHECK(failure(folder, section_file("model", 1, archive)) == "no error");
}

TEST_CASE("a size in the trailer that is not the archive's is refused") {
  const TemporaryFolder folder;
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{9}, ~std::uint64_t{0}}) {
    std::string file = "ISTHMUS\nmodel";
    file.resize(16, '\0');
    file += number_bytes(std::uint32_t{1}) + number_bytes(std::uint64_t{0}) + number_bytes(size);
    file += number_bytes(hash64(file));
    CAPTURE(size);
    CHECK(has(failure(folder, file), "is cut short"));
  }
}

// A stream error inside Boost's archive used to reach the user as "output stream error", without file or reason.
TEST_CASE("a full disk is reported with the file and the reason") {
  const TemporaryFolder folder;
  const std::string path = write_example(folder);
  const std::string before = folder.read("file");
  const std::string large(1 << 20, 'x');
  std::string message = "no error";
  {
    const FileSizeLimit limit(4096);
    try {
      write_sections(path, "model", {{"a", large}, {"b", large}});
    } catch (const InputError& error) {
      message = error.what();
    }
  }
  CHECK(has(message, path + ": cannot be written (File too large)"));
  CHECK(folder.read("file") == before);
}

}  // namespace
}  // namespace isthmus
