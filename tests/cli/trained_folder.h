// A folder with a small trained model, for tests of the commands that take one.
#pragma once

#include <string>
#include <vector>

#include "cli/train_command.h"
#include "core/file.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

namespace isthmus::test {

/// Forty pairs of lines, long and short (text.de, text.xx), a model that has seen them twice (m.isthmus) and the ledger
/// of its training.
class TrainedFolder {
 public:
  TrainedFolder() {
    std::string source, target;
    for (int i = 0; i < 40; ++i) {
      std::string line = "eins";
      for (int w = 0; w < i % 8; ++w) line += w % 2 == 0 ? " zwei" : " drei";
      source += line + "\n";
      target += line + " vier\n";
    }
    write_file_atomically(file("text.de"), source + "\n");
    write_file_atomically(file("text.xx"), target + "\n");
    const std::vector<std::string> arguments{"--source",       file("text.de"),
                                             "--target",       file("text.xx"),
                                             "--model",        file("m.isthmus"),
                                             "--ledger",       file("ledger"),
                                             "--vocab",        "40",
                                             "--hidden",       "8",
                                             "--embedding",    "8",
                                             "--max-updates",  "2",
                                             "--keep-last",    "1",
                                             "--threads",      "1",
                                             "--valid-source", file("text.de"),
                                             "--valid-target", file("text.xx")};
    REQUIRE(cli::run_train(arguments) == 0);
  }
  std::string file(const std::string& name) const { return folder_.file(name); }

 private:
  TemporaryFolder folder_;
};

}  // namespace isthmus::test
