// SIGINT and SIGTERM as a flag that long work looks at, so that it can save and leave.
#pragma once

namespace isthmus {

/// While one lives, SIGINT and SIGTERM set the flag instead of ending the program; a second signal ends it at once.
/// One at a time; the earlier handlers come back with the destructor.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

/// Whether a signal came since the scope began. Any thread may ask.
bool interrupted();

/// Forgets the signal: a prompt goes on after Ctrl-C has stopped one translation.
void clear_interrupt();

}  // namespace isthmus
