#include "corpora/streamed_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "core/error.h"
#include "core/hash.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using testing::TemporaryFolder;

std::vector<std::string> pairs_of(StreamedText& text) {
  std::vector<std::string> pairs;
  text.read([&](std::string_view source, std::string_view target) {
    pairs.push_back(std::string(source) + "|" + std::string(target));
  });
  return pairs;
}

/// While one lives, standard input is a file.
class Stdin {
 public:
  explicit Stdin(const std::string& path) : earlier_(::dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), O_RDONLY);
    ::dup2(file, STDIN_FILENO);
    ::close(file);
  }
  ~Stdin() {
    ::dup2(earlier_, STDIN_FILENO);
    ::close(earlier_);
  }

 private:
  int earlier_;
};

TEST_CASE("Files are read as often as wanted") {
  const TemporaryFolder folder;
  StreamedText text({.source = folder.write("a", "one\r\n\ntwo\n"), .target = folder.write("b", "eins\n\nzwei")},
                    folder.path(""));
  CHECK(text.name() == folder.path("a"));
  for (int time = 0; time < 3; ++time) CHECK(pairs_of(text) == std::vector<std::string>{"one|eins", "|", "two|zwei"});
}

TEST_CASE("Standard input is read as often as wanted, with every byte, and leaves no file") {
  const TemporaryFolder folder;
  std::string bytes = "one\r\r\n";
  bytes += std::string("\0\xff", 2) + "\n\nlast";
  const Stdin input(folder.write("in", bytes));
  StreamedText text({.source = "-", .target = folder.write("b", "1\n2\n3\n4\n")}, folder.path(""));
  CHECK(text.name() == "<stdin>");
  const auto first = pairs_of(text);
  CHECK(first == std::vector<std::string>{"one\r|1", std::string("\0\xff", 2) + "|2", "|3", "last|4"});
  for (int time = 0; time < 2; ++time) CHECK(pairs_of(text) == first);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 2);
}

TEST_CASE("So is a pipe") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << "eins\nzwei\n"; });
  StreamedText text({.source = folder.write("a", "one\ntwo\n"), .target = pipe}, folder.path(""));
  for (int time = 0; time < 2; ++time) CHECK(pairs_of(text) == std::vector<std::string>{"one|eins", "two|zwei"});
  writer.join();
}

TEST_CASE("A hash of the lines tells texts apart, wherever they come from") {
  TextHasher hasher;
  hasher.add("one", "eins");
  hasher.add("", "zwei");
  CHECK(hasher.identity() == TextIdentity{2, hash128_hex("one\n\n"), hash128_hex("eins\nzwei\n")});
  TextHasher other;
  other.add("one", "eins");
  CHECK(other.identity() != hasher.identity());
}

TEST_CASE("Errors are those of the reader") {
  const TemporaryFolder folder;
  StreamedText absent({.source = folder.path("a"), .target = folder.path("b")}, folder.path(""));
  CHECK_THROWS_AS(pairs_of(absent), InputError);
  StreamedText uneven({.source = folder.write("a", "1\n2\n"), .target = folder.write("b", "1\n")}, folder.path(""));
  CHECK_THROWS_WITH(pairs_of(uneven), Catch::Contains("has 2 lines but"));
}

}  // namespace
}  // namespace isthmus
