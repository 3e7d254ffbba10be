// A disk that fills up ends a run with one message, which names a file and what to do, and nothing is lost.
#include <atomic>
#include <regex>
#include <sstream>
#include <vector>

#include "tests/catch.h"
#include "tests/cli/training_process.h"

namespace isthmus::test {
namespace {

constexpr const char* kOptions = "--validate-every 3 --save-every 2 --keep-last 1 --tokenizer word --hidden 8";

std::string options(int updates) { return std::string(kOptions) + " --max-updates " + std::to_string(updates); }

/// Lines that begin so.
std::vector<std::string> lines_with(const std::string& start, const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(start)) found.push_back(line);
  }
  return found;
}

// A run has got to update 3 when the disk fills up at some call; it goes on once more when there is room again.
TEST_CASE("a disk that fills up at any call loses nothing, and a run goes on when there is room again", "[slow]") {
  const TrainingFolder whole;
  REQUIRE(whole.run(options(3)) == 0);
  const int calls = whole.calls(options(7));
  REQUIRE(calls > 50);
  const auto expected = whole.results();
  const std::regex told(
      R"(error: (stopped: )?(m\.isthmus(\.state|\.config)?|m\.update-\d+\.isthmus|l\.sqlite): .*; .*)");
  std::atomic<int> failures{0};
  CHECK(faults_at_each_call(calls, [&](int call) {
          const TrainingFolder folder;
          if (folder.run(options(3)) != 0) return "the first part fails: " + folder.talk();
          const int end = folder.run(options(7), "full:" + std::to_string(call));
          const std::vector<std::string> errors = lines_with("error: ", folder.talk());
          std::string faults;
          if (end == 0 ? !errors.empty() : end != 1 || errors.size() != 1 || !std::regex_match(errors[0], told)) {
            faults += "ends with " + std::to_string(end) + ": " + folder.talk();
          }
          folder.require_whole_files();
          faults += faults_of_ledger(folder.path("l.sqlite"));
          if (end == 0) return faults + differences(folder.results(), expected);  // only the log was lost
          ++failures;
          if (folder.run(options(7)) != 0) return faults + "does not go on: " + folder.talk();
          return faults + differences(folder.results(), expected);
        }) == "");
  CHECK(failures > 50);
}

}  // namespace
}  // namespace isthmus::test
