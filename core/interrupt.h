// SIGINT, SIGTERM, SIGHUP and SIGUSR1 as a flag that long work looks at, so that it can save and leave.
#pragma once

#include <cstddef>
#include <memory>

namespace isthmus {

/// While one lives, SIGINT, SIGTERM, SIGUSR1 (which mpirun hands on to its ranks without a deadline) and SIGHUP (unless
/// it is ignored, as under nohup) set the flag instead of ending the program; a second signal ends it at once. One at a
/// time; the earlier handlers come back with the destructor.
///
/// The handler runs on a stack of its own, which belongs to the thread that makes the scope; threads of a ThreadPool
/// are not sent signals at all. Else a signal during a matrix product would damage the heap: up to oneDNN 3.11, its
/// kernels let the stack pointer point into their working memory (https://github.com/uxlfoundation/oneDNN/issues/4845).
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  std::unique_ptr<std::byte[]> stack_;
};

/// Whether a signal came since the scope began. Any thread may ask.
bool interrupted();

/// The number of that signal; 0 for none.
int interrupt_signal();

/// Forgets the signal: a prompt goes on after Ctrl-C has stopped one translation.
void clear_interrupt();

}  // namespace isthmus
