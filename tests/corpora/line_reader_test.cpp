#include "corpora/line_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "corpora/line_writer.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using namespace std::literals;
using Catch::Matchers::Contains;
using testing::TemporaryFolder;
using Lines = std::vector<std::string>;

constexpr std::string_view kExtensions[] = {".gz", ".xz", ".zst", ".bz2"};

/// Standard input comes from a descriptor while this lives.
class StandardInput {
 public:
  explicit StandardInput(int descriptor) : saved_(dup(STDIN_FILENO)) {
    dup2(descriptor, STDIN_FILENO);
    close(descriptor);
  }
  ~StandardInput() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  int saved_;
};

Lines lines_of(const TemporaryFolder& folder, std::string_view bytes) {
  return read_lines(folder.write("lines.txt", bytes));
}

/// Enough text that each format needs many blocks.
Lines many_lines() {
  Lines lines;
  for (int i = 0; i < 20000; ++i) lines.push_back("line " + std::to_string(i * 7919 % 20000));
  return lines;
}

}  // namespace

TEST_CASE("Lines end at newlines alone and every other byte passes") {
  TemporaryFolder folder;
  CHECK(lines_of(folder, "").empty());
  CHECK(lines_of(folder, "\n") == Lines{""});
  CHECK(lines_of(folder, "a\nb\n") == Lines{"a", "b"});
  CHECK(lines_of(folder, "a\n\n\nb") == Lines{"a", "", "", "b"});
  CHECK(lines_of(folder, "a\r\nb\r\r\n\rc\r") == Lines{"a", "b\r", "\rc"});
  CHECK(lines_of(folder, "a\0b\n\v\f\x1c\x85\xe2\x80\xa8\xe2\x80\xa9z\n"sv) ==
        Lines{"a\0b"s, "\v\f\x1c\x85\xe2\x80\xa8\xe2\x80\xa9z"});
  CHECK(lines_of(folder, "\xff\xfe\xc0\n\xef\xbb\xbfx") == Lines{"\xff\xfe\xc0", "\xef\xbb\xbfx"});
}

TEST_CASE("Lines longer than the reader's buffer come out whole") {
  TemporaryFolder folder;
  const std::string longer(200'001, 'x'), exact((1 << 16) - 1, 'y');
  CHECK(lines_of(folder, longer + "\n" + exact + "\nend") == Lines{longer, exact, "end"});
}

TEST_CASE("A line without end is cut at the limit, between characters, and the next line is intact") {
  TemporaryFolder folder;
  const std::string path = folder.write("long", "");
  {
    std::string most(LineReader::kMaxLineBytes - 1, 'x');
    LineWriter writer(path + ".zst");
    writer.write(most + "é and more");
    writer.write("next");
    writer.commit();
  }
  LineReader reader(path + ".zst");
  std::string line;
  REQUIRE(reader.next(line));
  CHECK(line.size() == LineReader::kMaxLineBytes - 1);
  CHECK(line.back() == 'x');
  CHECK(reader.cropped());
  REQUIRE(reader.next(line));
  CHECK(line == "next");
  CHECK_FALSE(reader.cropped());
  CHECK_FALSE(reader.next(line));
}

TEST_CASE("The reader numbers its lines and stays at the end") {
  TemporaryFolder folder;
  LineReader reader(folder.write("f", "a\nb"));
  std::string line;
  CHECK(reader.line_number() == 0);
  CHECK(reader.next(line));
  CHECK(reader.line_number() == 1);
  CHECK(reader.next(line));
  CHECK(reader.line_number() == 2);
  CHECK_FALSE(reader.next(line));
  CHECK_FALSE(reader.next(line));
  CHECK(line.empty());
  CHECK(reader.line_number() == 2);
  CHECK(reader.name() == folder.path("f"));
}

TEST_CASE("Compressed files are told by name when written and by magic when read") {
  TemporaryFolder folder;
  const Lines lines = many_lines();
  for (std::string_view extension : kExtensions) {
    INFO(extension);
    const std::string name = "text" + std::string(extension);
    write_lines(folder.path(name), lines);
    const std::string bytes = folder.read(name);
    CHECK(bytes.size() < 90'000);  // it is compressed
    CHECK(read_lines(folder.path(name)) == lines);
    CHECK(read_lines(folder.write("disguised.txt", bytes)) == lines);

    SECTION("several members in one file are one text" + std::string(extension)) {
      Lines twice = lines;
      twice.insert(twice.end(), lines.begin(), lines.end());
      CHECK(read_lines(folder.write("twice" + name, bytes + bytes)) == twice);
    }
    SECTION("no lines" + std::string(extension)) {
      write_lines(folder.path("none" + name), Lines{});
      CHECK(read_lines(folder.path("none" + name)).empty());
    }
    SECTION("standard input" + std::string(extension)) {
      StandardInput input(open(folder.path(name).c_str(), O_RDONLY));
      CHECK(read_lines("-") == lines);
    }
  }
}

TEST_CASE("A compressed file that was cut short or damaged is an error that names the file") {
  TemporaryFolder folder;
  for (std::string_view extension : kExtensions) {
    const std::string name = "text" + std::string(extension);
    write_lines(folder.path(name), many_lines());
    std::string bytes = folder.read(name);
    // Boost's compressor appends an empty frame: without it the file is whole too.
    if (extension == ".zst") bytes.resize(bytes.size() - 9);
    // After the magic number, in the middle, near and at the end.
    for (std::size_t kept : {std::size_t{12}, bytes.size() / 2, bytes.size() - 5, bytes.size() - 1}) {
      INFO(extension << " cut to " << kept << " of " << bytes.size());
      CHECK_THROWS_MATCHES(read_lines(folder.write("cut" + name, bytes.substr(0, kept))), InputError,
                           Catch::Message(folder.path("cut" + name) + ": corrupt or cut short (" +
                                          (extension == ".gz"    ? "gzip"
                                           : extension == ".xz"  ? "xz"
                                           : extension == ".zst" ? "zstd"
                                                                 : "bzip2") +
                                          "); copy or make it anew"));
      CHECK_THROWS_AS(read_lines(folder.write("cut" + name, bytes + bytes.substr(0, kept))), InputError);
    }
    INFO(extension << " damaged");
    std::string damaged = bytes;
    for (std::size_t i = 0; i < 8; ++i) damaged[bytes.size() / 2 + i] ^= 0x5a;
    CHECK_THROWS_AS(read_lines(folder.write("damaged" + name, damaged)), InputError);
    CHECK_THROWS_AS(read_lines(folder.write("tail" + name, bytes + "garbage")), InputError);
  }
}

TEST_CASE("A file named as compressed that is not is refused; text like a magic number is text") {
  TemporaryFolder folder;
  CHECK_THROWS_WITH(read_lines(folder.write("plain.gz", "hello\n")),
                    Contains("plain.gz: named as if") && Contains("gzip"));
  CHECK_THROWS_WITH(read_lines(folder.write("empty.xz", "")), Contains("empty.xz: empty"));
  CHECK(lines_of(folder, "BZh9 is how bzip2 begins\n") == Lines{"BZh9 is how bzip2 begins"});
  CHECK(lines_of(folder, "BZh9") == Lines{"BZh9"});
  CHECK(lines_of(folder, "\xfd\x37z") == Lines{"\xfd\x37z"});
}

TEST_CASE("Absent files and folders are errors that name them") {
  TemporaryFolder folder;
  CHECK_THROWS_WITH(read_lines(folder.path("absent")),
                    folder.path("absent") + ": cannot be read (No such file or directory); check the name");
  CHECK_THROWS_WITH(read_lines(folder.path("")), Contains("Is a directory"));
  CHECK_THROWS_AS(read_lines(folder.path("")), InputError);
}

TEST_CASE("A pipe gives its lines as they come") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  REQUIRE(write(ends[1], "a\nb", 3) == 3);
  StandardInput input(ends[0]);
  LineReader reader("-");
  std::string line;
  REQUIRE(reader.next(line));  // would hang if the reader waited for a full buffer
  CHECK(line == "a");
  REQUIRE(write(ends[1], "c\n", 2) == 2);
  REQUIRE(reader.next(line));
  CHECK(line == "bc");
  close(ends[1]);
  CHECK_FALSE(reader.next(line));
  CHECK(reader.name() == "<stdin>");
}

TEST_CASE("A writer that did not commit leaves what was there") {
  TemporaryFolder folder;
  for (const std::string name : {"f.txt", "f.gz"}) {
    folder.write(name, "old");
    {
      LineWriter writer(folder.path(name));
      writer.write("new");
    }
    CHECK(folder.read(name) == "old");
  }
  CHECK_THROWS_AS(LineWriter(folder.path("no/such/folder/f")), InputError);
}

}  // namespace isthmus
