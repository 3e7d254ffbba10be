#include "core/scratch_file.h"

#include <filesystem>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/core/file_size_limit.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using testing::TemporaryFolder;

TEST_CASE("a scratch file gives back what was written, as often as asked, and has no name") {
  const TemporaryFolder folder;
  ScratchFile file(folder.path(""));
  std::string text(100000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i % 251);
  file.write(text.substr(0, 70000));
  file.write(text.substr(70000));
  CHECK(std::filesystem::is_empty(folder.path("")));
  for (int time = 0; time < 2; ++time) {
    file.rewind();
    std::string read(text.size(), '\0');
    REQUIRE(file.read(read));
    CHECK((read == text));
    CHECK_FALSE(file.read(std::span(read).first(1)));
  }
}

TEST_CASE("nothing is an empty scratch file") {
  ScratchFile file("");
  file.rewind();
  char byte = 0;
  CHECK_FALSE(file.read({&byte, 1}));
}

TEST_CASE("a folder that is not there and a disk that is full are errors") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(ScratchFile(folder.path("nowhere")),
                    Catch::Contains(folder.path("nowhere") + ": a temporary file"));
  ScratchFile file(folder.path(""));
  const testing::FileSizeLimit limit(4096);
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0; i < 100; ++i) file.write(std::string(1000, 'x'));
        file.rewind();
      }(),
      InputError);
}

}  // namespace
}  // namespace isthmus
