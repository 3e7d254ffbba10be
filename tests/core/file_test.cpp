#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/core/file_size_limit.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using testing::FileSizeLimit;
using testing::TemporaryFolder;

std::vector<std::string> names_in(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path(""))) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

template <class Call>
std::string failure(const Call& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

TEST_CASE("a file is read whole, whatever its bytes") {
  const TemporaryFolder folder;
  std::string bytes(300000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31);
  CHECK(read_file(folder.write("a", bytes)) == bytes);
  CHECK(read_file(folder.write("empty", "")).empty());
  CHECK(read_file("/dev/null").empty());
}

TEST_CASE("a file longer than the limit is not read") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", std::string(1000, 'x'));
  CHECK(read_file(path, 1000).size() == 1000);
  CHECK(failure([&] { read_file(path, 999); }) == path + ": cannot be read (File too large); check the name");
  CHECK(failure([] { read_file("/dev/zero", 1 << 20); }).find("File too large") != std::string::npos);
}

TEST_CASE("what cannot be read is named") {
  const TemporaryFolder folder;
  const std::string missing = folder.path("missing");
  CHECK(failure([&] { read_file(missing); }) ==
        missing + ": cannot be read (No such file or directory); check the name");
  CHECK(failure([&] { read_file(folder.path("")); }).find("Is a directory") != std::string::npos);
  if (::geteuid() != 0) {
    const std::string secret = folder.write("secret", "x");
    ::chmod(secret.c_str(), 0);
    CHECK(failure([&] { read_file(secret); }).find("check its permissions") != std::string::npos);
  }
}

TEST_CASE("an atomic file is absent until commit") {
  const TemporaryFolder folder;
  AtomicFile file(folder.path("a"));
  file.stream() << "some text" << std::flush;
  CHECK_FALSE(std::filesystem::exists(folder.path("a")));
  file.commit();
  CHECK(folder.read("a") == "some text");
  CHECK(names_in(folder) == std::vector<std::string>{"a"});
}

TEST_CASE("without commit nothing is left and the old content stays") {
  const TemporaryFolder folder;
  folder.write("a", "old");
  {
    AtomicFile file(folder.path("a"));
    file.stream() << std::string(1 << 20, 'x');
    CHECK(folder.read("a") == "old");
  }
  CHECK(folder.read("a") == "old");
  CHECK(names_in(folder) == std::vector<std::string>{"a"});
}

// Each kill during a checkpoint once left a file as large as the model.
TEST_CASE("what a killed writer left goes when its file is next written, and nothing else") {
  const TemporaryFolder folder;
  const std::vector<std::string> others = {"a.tmp-1234567", "a.tmp-12345", "a.backup", "b.tmp-123456", "za.tmp-123456"};
  for (const std::string& name : others) folder.write(name, "kept");
  folder.write("a.tmp-123456", "half a mod");
  AtomicFile file(folder.path("a"));
  CHECK_FALSE(std::filesystem::exists(folder.path("a.tmp-123456")));
  file.stream() << "first" << std::flush;
  {
    AtomicFile second(folder.path("a"));  // the first is still being written
    second.stream() << "second";
    second.commit();
  }
  CHECK(folder.read("a") == "second");
  file.commit();
  CHECK(folder.read("a") == "first");
  std::vector<std::string> expected = others;
  expected.emplace_back("a");
  std::sort(expected.begin(), expected.end());
  CHECK(names_in(folder) == expected);
}

TEST_CASE("commit replaces the old content at once") {
  const TemporaryFolder folder;
  folder.write("a", "old and longer");
  write_file_atomically(folder.path("a"), std::string_view("new\0", 4));
  CHECK(folder.read("a") == std::string("new\0", 4));
  CHECK(names_in(folder) == std::vector<std::string>{"a"});
}

TEST_CASE("pieces of any size arrive in order") {
  const TemporaryFolder folder;
  AtomicFile file(folder.path("a"));
  std::string expected;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::string piece(i * i % 3000, static_cast<char>('a' + i % 26));
    file.stream() << piece;
    file.stream().put('|');
    expected += piece + "|";
  }
  const std::string large(200000, 'L');  // goes past the buffer
  file.stream() << large;
  file.commit();
  CHECK(folder.read("a") == expected + large);
}

TEST_CASE("a file has the permissions that any new file has") {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  write_file_atomically(folder.path("a"), "x");
  ::umask(002);
  write_file_atomically(folder.path("b"), "x");
  ::umask(before);
  CHECK(mode_of(folder.path("a")) == 0640);
  CHECK(mode_of(folder.path("b")) == 0664);
}

TEST_CASE("a place that cannot be written is known before any work") {
  const TemporaryFolder folder;
  const std::string path = folder.path("missing/a");
  CHECK(failure([&] { AtomicFile file(path); }) ==
        path + ": cannot be written (No such file or directory); create the folder first");
  const std::string below_file = folder.write("file", "") + "/a";
  CHECK(failure([&] { AtomicFile file(below_file); }).find("Not a directory") != std::string::npos);
  if (::geteuid() != 0) {
    ::chmod(folder.path("").c_str(), 0500);
    CHECK(failure([&] { AtomicFile file(folder.path("a")); }).find("Permission denied") != std::string::npos);
    ::chmod(folder.path("").c_str(), 0700);
  }
}

TEST_CASE("a name that is a folder's is refused at once and leaves the folder") {
  const TemporaryFolder folder;
  make_folder(folder.path("x"));
  CHECK_THROWS_AS(AtomicFile(folder.path("x")), InputError);
  CHECK(std::filesystem::is_directory(folder.path("x")));
  CHECK(names_in(folder) == std::vector<std::string>{"x"});
}

TEST_CASE("a link stays a link to the file that is replaced") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "old");
  std::filesystem::create_symlink(file, folder.path("link"));
  write_file_atomically(folder.path("link"), "new");
  CHECK(std::filesystem::is_symlink(folder.path("link")));
  CHECK(read_file(file) == "new");
  const FileSizeLimit limit(1);
  CHECK(failure([&] { write_file_atomically(folder.path("link"), "newer"); }).find(folder.path("link: ")) == 0);
}

// `--output /dev/null` once replaced the device by a file.
TEST_CASE("a pipe or a device is written to, not replaced") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  write_file_atomically(pipe, "bytes");
  char buffer[16];
  CHECK(::read(reader, buffer, sizeof(buffer)) == 5);
  ::close(reader);
  CHECK(std::filesystem::is_fifo(pipe));
  CHECK(names_in(folder) == std::vector<std::string>{"pipe"});
}

TEST_CASE("a full disk is an error in commit, and the old content stays") {
  const TemporaryFolder folder;
  folder.write("a", "old");
  const auto size = GENERATE(std::size_t{5000}, std::size_t{1} << 20);  // through the buffer and past it
  std::string message;
  {
    const FileSizeLimit limit(4096);
    message = failure([&] { write_file_atomically(folder.path("a"), std::string(size, 'x')); });
  }
  CHECK(message.find(folder.path("a") + ": cannot be written (File too large)") == 0);
  CHECK(folder.read("a") == "old");
  CHECK(names_in(folder) == std::vector<std::string>{"a"});
}

TEST_CASE("folders are made with their parents") {
  const TemporaryFolder folder;
  make_folder(folder.path("x/y/z"));
  make_folder(folder.path("x/y/z"));
  CHECK(std::filesystem::is_directory(folder.path("x/y/z")));
  const std::string file = folder.write("file", "");
  CHECK_THROWS_AS(make_folder(file + "/below"), InputError);
}

TEST_CASE("a lock keeps others out while it lives, and leaves nothing") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.lock");
  const auto lock = [&] { return FileLock(path, "is being written", "wait"); };
  {
    const FileLock first = lock();
    CHECK_THROWS_WITH(lock(), Catch::Contains("is being written") && Catch::Contains("wait"));
  }
  CHECK_FALSE(std::filesystem::exists(path));
  const FileLock again = lock();
  CHECK_THROWS_AS(FileLock(folder.path("no/a.lock"), "", ""), InputError);
}

}  // namespace
}  // namespace isthmus
