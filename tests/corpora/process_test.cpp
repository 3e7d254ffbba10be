#include "corpora/process.h"

#include <signal.h>

#include <chrono>
#include <string>

#include "core/error.h"
#include "core/interrupt.h"
#include "tests/catch.h"

namespace isthmus {

using Catch::Matchers::Contains;

TEST_CASE("A program's output, errors and exit code come back") {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  CHECK(result.output == "out\n");
  CHECK(result.errors == "err\n");
  CHECK(result.exit_code == 3);
  CHECK(run_process({"sh", "-c", "kill -TERM $$"}).exit_code == 128 + SIGTERM);
  CHECK(run_process({"cat"}).output.empty());  // its standard input is empty
  CHECK(run_process({"sh", "-c", "echo $LC_ALL"}).output == "C.UTF-8\n");
}

TEST_CASE("No shell sees the arguments") {
  const std::string hostile = "it; echo $HOME `id` \"quoted\" 'single' * \n|";
  CHECK(run_process({"printf", "%s", hostile}).output == hostile);
}

TEST_CASE("Output larger than any pipe comes whole, on both streams at once") {
  const ProcessResult result = run_process({"sh", "-c", "head -c 1000000 /dev/zero >&2; head -c 3000000 /dev/zero"});
  CHECK(result.output.size() == 3'000'000);
  CHECK(result.errors.size() == 1'000'000);
  std::size_t handed_on = 0;
  const ProcessResult streamed =
      run_process({"head", "-c", "3000000", "/dev/zero"}, [&](std::string_view bytes) { handed_on += bytes.size(); });
  CHECK(handed_on == 3'000'000);
  CHECK(streamed.output.empty());
}

TEST_CASE("A program that is not there is an error that names it") {
  CHECK_THROWS_WITH(run_process({"isthmus-no-such-program"}), Contains("isthmus-no-such-program: No such file"));
  CHECK_THROWS_AS(run_process({"/nowhere/at/all"}), InputError);
}

TEST_CASE("An interrupt ends the program") {
  const InterruptScope scope;
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(run_process({"sh", "-c", "kill -INT $PPID; exec sleep 30"}), Interrupted);
  clear_interrupt();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

}  // namespace isthmus
