#include "cli/output_files.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus::cli {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using isthmus::testing::TemporaryFolder;
using Inputs = std::vector<std::string>;

TEST_CASE("an output that is one of the inputs is refused by any of its names") {
  const TemporaryFolder folder;
  const std::string text = folder.write("text", "a\n"), other = folder.write("other", "a\n");
  std::filesystem::create_symlink(text, folder.path("link"));
  std::filesystem::create_hard_link(text, folder.path("hard"));
  for (const std::string& name : {text, folder.path("./text"), folder.path("link"), folder.path("hard")}) {
    CHECK_THROWS_WITH(refuse_input_as_output(name, Inputs{other, text}),
                      Contains(name + ": would be written over what is read") && EndsWith("--output"));
    CHECK_THROWS_AS(refuse_input_as_output(text, Inputs{name}), InputError);
  }
  CHECK_NOTHROW(refuse_input_as_output(other, Inputs{text}));  // the same bytes are not the same file
  CHECK_NOTHROW(refuse_input_as_output(folder.path("new"), Inputs{text, folder.path("absent"), ""}));
  CHECK_NOTHROW(refuse_input_as_output(folder.path("new"), Inputs{folder.path("new")}));
}

TEST_CASE("devices and pipes may be read and written") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& name : {std::string("/dev/null"), pipe}) {
    CHECK_NOTHROW(refuse_input_as_output(name, Inputs{name}));
    CHECK_NOTHROW(refuse_to_overwrite(name, false));
  }
}

// evaluate --output ledger.sqlite left translations where all runs had been.
TEST_CASE("an output that is the ledger is refused, whether it is there or not") {
  const TemporaryFolder folder;
  const std::string ledger = folder.path("ledger.sqlite");
  const auto refuses = [&] {
    for (const char* name : {"ledger.sqlite", "./ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"}) {
      CHECK_THROWS_WITH(refuse_ledger_as_output(folder.path(name), ledger),
                        Contains(std::string(name) + ": would be written over the ledger; give another file"));
    }
    CHECK_NOTHROW(refuse_ledger_as_output(folder.path("other.sqlite"), ledger));
  };
  refuses();
  folder.write("ledger.sqlite", "runs");
  refuses();
  std::filesystem::create_hard_link(ledger, folder.path("hard"));
  CHECK_THROWS_AS(refuse_ledger_as_output(folder.path("hard"), ledger), InputError);
  CHECK_NOTHROW(refuse_ledger_as_output("", ledger));
  CHECK_NOTHROW(refuse_ledger_as_output(ledger, ""));
  CHECK_NOTHROW(refuse_ledger_as_output("-", ledger));
}

TEST_CASE("a file that is there is overwritten by force alone") {
  const TemporaryFolder folder;
  const std::string model = folder.write("model", "hours of work");
  CHECK_THROWS_WITH(refuse_to_overwrite(model, false), Contains(model + ": is there already; --force overwrites it"));
  CHECK_NOTHROW(refuse_to_overwrite(model, true));
  CHECK_NOTHROW(refuse_to_overwrite(folder.path("new"), false));
}

}  // namespace
}  // namespace isthmus::cli
