#include "core/interrupt.h"

#include <csignal>

namespace isthmus {
namespace {

// A signal handler can reach nothing else: this flag is the one mutable global of the program.
volatile std::sig_atomic_t signal_received = 0;

struct sigaction earlier_interrupt;
struct sigaction earlier_terminate;
struct sigaction earlier_user;
struct sigaction earlier_hang_up;
stack_t earlier_stack;

// Enough for the registers of any processor, which the kernel puts there.
constexpr std::size_t kStackBytes = 1 << 16;

extern "C" void on_signal(int number) {
  if (signal_received != 0) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  signal_received = number;
}

}  // namespace

InterruptScope::InterruptScope() : stack_(new std::byte[kStackBytes]) {
  signal_received = 0;
  stack_t stack{};
  stack.ss_sp = stack_.get();
  stack.ss_size = kStackBytes;
  sigaltstack(&stack, &earlier_stack);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &earlier_interrupt);
  sigaction(SIGTERM, &action, &earlier_terminate);
  sigaction(SIGUSR1, &action, &earlier_user);
  // A closed terminal ends work as Ctrl-C does, unless nohup asked to ignore it.
  sigaction(SIGHUP, nullptr, &earlier_hang_up);
  if (earlier_hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

InterruptScope::~InterruptScope() {
  sigaction(SIGINT, &earlier_interrupt, nullptr);
  sigaction(SIGTERM, &earlier_terminate, nullptr);
  sigaction(SIGUSR1, &earlier_user, nullptr);
  sigaction(SIGHUP, &earlier_hang_up, nullptr);
  sigaltstack(&earlier_stack, nullptr);
}

bool interrupted() { return signal_received != 0; }

int interrupt_signal() { return signal_received; }

void clear_interrupt() { signal_received = 0; }

}  // namespace isthmus
