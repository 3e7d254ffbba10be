#include "cli/line_queue.h"

#include <unistd.h>

#include <csignal>
#include <thread>

#include "core/error.h"
#include "core/interrupt.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus::cli {
namespace {

using isthmus::testing::TemporaryFolder;

/// Standard input is a pipe's end while one lives.
class PipedInput {
 public:
  PipedInput() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    saved_ = ::dup(STDIN_FILENO);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    write_end_ = ends[1];
  }
  ~PipedInput() {
    close();
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }
  void write(const std::string& text) const {
    REQUIRE(::write(write_end_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void close() {
    if (write_end_ >= 0) ::close(write_end_);
    write_end_ = -1;
  }

 private:
  int saved_ = -1;
  int write_end_ = -1;
};

TEST_CASE("a queue gives all lines of a file in order, in windows") {
  const TemporaryFolder folder;
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 5000; ++i) {
    expected.push_back(i % 7 == 0 ? "" : "line " + std::to_string(i));
    text += expected.back() + "\n";
  }
  LineQueue queue(folder.write("text", text), 300);
  std::vector<std::string> found;
  std::size_t windows = 0;
  for (auto lines = queue.take(); !lines.empty(); lines = queue.take()) {
    CHECK(lines.size() <= 300);
    found.insert(found.end(), lines.begin(), lines.end());
    ++windows;
  }
  CHECK(found == expected);
  CHECK(windows < 40);
  CHECK(queue.take().empty());
}

TEST_CASE("a line in a pipe is given before the next one comes") {
  PipedInput input;
  input.write("one\n");
  LineQueue queue("-", 100);
  CHECK(queue.take() == std::vector<std::string>{"one"});
  for (const std::string line : {"two", "three"}) {
    input.write(line + "\n");
    CHECK(queue.take() == std::vector<std::string>{line});
  }
  input.close();
  CHECK(queue.take().empty());
}

TEST_CASE("an interrupt ends the wait for a line") {
  PipedInput input;
  const InterruptScope scope;
  input.write("one\n");
  LineQueue queue("-", 100);
  CHECK(queue.take().size() == 1);
  std::thread signal([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::raise(SIGINT);
  });
  CHECK_THROWS_AS(queue.take(), Interrupted);
  signal.join();
  clear_interrupt();
  input.close();
  CHECK(queue.take().empty());
}

TEST_CASE("errors of the reading thread are thrown where lines are taken") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(LineQueue(folder.path("absent"), 10), InputError);
  const std::string cut("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  LineQueue queue(folder.write("cut.gz", cut), 10);
  CHECK_THROWS_AS(queue.take(), InputError);
}

}  // namespace
}  // namespace isthmus::cli
