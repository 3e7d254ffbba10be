#include "core/mapped_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/process_info.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using testing::TemporaryFolder;

TEST_CASE("a mapped file has the file's bytes, also after they were let go") {
  const TemporaryFolder folder;
  const MappedFile file(folder.write("a", std::string("one\0two", 7)));
  CHECK(file.bytes() == std::string_view("one\0two", 7));
  file.release();
  CHECK(file.bytes() == std::string_view("one\0two", 7));
  file.require_whole();
  CHECK(MappedFile(folder.write("empty", "")).bytes().empty());
}

TEST_CASE("pages that were let go are none of the process's memory") {
  const TemporaryFolder folder;
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  const MappedFile file(folder.write("a", std::string(kBytes, 'x')));
  const std::int64_t before = resident_memory();
  CHECK(std::count(file.bytes().begin(), file.bytes().end(), 'x') == kBytes);
  CHECK(resident_memory() - before > std::int64_t{kBytes} / 2);
  file.release();
  CHECK(resident_memory() - before < std::int64_t{kBytes} / 4);
}

TEST_CASE("a file that is replaced under its name stays what it was; one that is cut short is noticed") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "before");
  const MappedFile file(path);
  write_file_atomically(path, "x");
  file.require_whole();
  CHECK(file.bytes() == "before");
  const MappedFile second(path);
  std::filesystem::resize_file(path, 0);
  CHECK_THROWS_WITH(second.require_whole(), Contains(path + ": was cut short while it was read"));
}

TEST_CASE("a mapped file can be moved") {
  const TemporaryFolder folder;
  MappedFile file(folder.write("a", "bytes"));
  const MappedFile moved = std::move(file);
  CHECK(moved.bytes() == "bytes");
  CHECK(moved.path() == folder.path("a"));
}

TEST_CASE("what is no file is refused, and nothing waits") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(MappedFile(folder.path("absent")), Contains(folder.path("absent") + ": cannot be read (No such"));
  CHECK_THROWS_WITH(MappedFile(folder.path("")), Contains("is not a regular file"));
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  CHECK_THROWS_AS(MappedFile(folder.path("pipe")), InputError);
}

}  // namespace
}  // namespace isthmus
