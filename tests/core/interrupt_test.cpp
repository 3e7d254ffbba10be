#include "core/interrupt.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/catch.h"

namespace isthmus {
namespace {

volatile std::sig_atomic_t seen_by_earlier_handler = 0;

TEST_CASE("a signal in a scope sets the flag and nothing else") {
  const int number = GENERATE(SIGINT, SIGTERM, SIGHUP, SIGUSR1);
  const InterruptScope scope;
  CHECK_FALSE(interrupted());
  std::raise(number);
  CHECK(interrupted());
  clear_interrupt();
  CHECK_FALSE(interrupted());
  std::raise(number);
  CHECK(interrupted());
}

TEST_CASE("a new scope knows nothing of an old signal") {
  {
    const InterruptScope scope;
    std::raise(SIGINT);
  }
  const InterruptScope scope;
  CHECK_FALSE(interrupted());
}

TEST_CASE("the earlier handler comes back with the end of the scope") {
  const auto before = std::signal(SIGINT, [](int) { seen_by_earlier_handler = 1; });
  {
    const InterruptScope scope;
    std::raise(SIGINT);
    CHECK(seen_by_earlier_handler == 0);
  }
  std::raise(SIGINT);
  CHECK(seen_by_earlier_handler == 1);
  std::signal(SIGINT, before);
}

TEST_CASE("the handler has a stack of its own, for the length of the scope") {
  stack_t before;
  REQUIRE(sigaltstack(nullptr, &before) == 0);
  {
    const InterruptScope scope;
    stack_t stack;
    REQUIRE(sigaltstack(nullptr, &stack) == 0);
    CHECK(stack.ss_sp != before.ss_sp);
    CHECK((stack.ss_flags & SS_DISABLE) == 0);
    for (const int number : {SIGINT, SIGTERM}) {
      struct sigaction action {};
      REQUIRE(sigaction(number, nullptr, &action) == 0);
      CHECK((action.sa_flags & SA_ONSTACK) != 0);
    }
  }
  stack_t after;
  REQUIRE(sigaltstack(nullptr, &after) == 0);
  CHECK(after.ss_sp == before.ss_sp);
  CHECK(after.ss_flags == before.ss_flags);
}

TEST_CASE("a second signal ends the program at once") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const InterruptScope scope;
    std::raise(SIGTERM);
    std::raise(SIGTERM);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
}

}  // namespace
}  // namespace isthmus
