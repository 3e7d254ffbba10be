// A training run that was sent SIGTERM sometimes aborted with "corrupted size vs. prev_size" instead of saving:
// oneDNN's kernels let the stack pointer point into memory from malloc(), and the kernel puts a signal's frame where it
// points. core/interrupt.h says what keeps the two apart.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "core/interrupt.h"
#include "core/random.h"
#include "core/threads.h"
#include "model/gemm.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("signals during products leave products and heap whole") {
  constexpr int kSignals = 300;
  ::alarm(60);  // a damaged heap may also hang
  const Matrix<float> a = Matrix<float>::Constant(32, 128, 0.5f);
  const Matrix<float> b = Matrix<float>::Constant(128, 8, 0.25f);
  const InterruptScope scope;
  ThreadPool threads(2);
  std::atomic<int> round = 0;
  std::thread sender([&] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // not to be the thread that gets the signal
    Random random(1);
    for (int i = 1; i <= kSignals; ++i) {
      while (round < i) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(200)));
      ::kill(::getpid(), SIGTERM);
    }
  });
  std::atomic<bool> whole = true;
  while (round < kSignals) {
    clear_interrupt();
    ++round;
    threads.run(2, [&](std::size_t, std::size_t) {
      while (!interrupted()) {
        Matrix<float> c(32, 8);
        gemm<float>(a, b, 0.0f, c);
        if ((c.array() != 16.0f).any()) whole = false;
      }
    });
  }
  sender.join();
  ::alarm(0);
  CHECK(whole);
}

}  // namespace
}  // namespace isthmus
