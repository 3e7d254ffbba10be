#include "cli/line_queue.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"
#include "corpora/line_reader.h"

namespace isthmus::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
// How long the first line waits for company: a file or a fast pipe fills a window meanwhile, nobody at a keyboard or
// behind a pipe notices.
constexpr auto kGrace = 5ms;
constexpr auto kInterruptCheck = 100ms;

}  // namespace

struct LineQueue::State {
  State(const std::string& path, std::size_t limit) : reader(path), most(limit) {}

  bool full() const { return lines.size() >= most || bytes >= kMostBytes; }

  void read() {
    try {
      for (std::string line; reader.next(line);) {
        std::unique_lock lock(mutex);
        space.wait(lock, [this] { return !full() || abandoned; });
        if (abandoned) return;
        bytes += line.size();
        lines.push_back(std::move(line));
        ready.notify_one();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    ended = true;
    ready.notify_one();
  }

  LineReader reader;  // of the reading thread alone
  const std::size_t most;
  std::mutex mutex;
  std::condition_variable ready;
  std::condition_variable space;
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  bool ended = false;
  bool abandoned = false;
  std::exception_ptr error;
};

LineQueue::LineQueue(const std::string& path, std::size_t most) : state_(std::make_shared<State>(path, most)) {
  std::thread([state = state_] { state->read(); }).detach();
}

LineQueue::~LineQueue() {
  const std::lock_guard lock(state_->mutex);
  state_->abandoned = true;
  state_->space.notify_one();
}

std::vector<std::string> LineQueue::take() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  while (state.lines.empty() && !state.ended) {
    state.ready.wait_for(lock, kInterruptCheck);
    if (interrupted()) throw Interrupted();
  }
  const auto enough = [&] { return state.full() || state.ended; };
  for (std::size_t seen = 0; seen < state.lines.size() && !enough();) {
    seen = state.lines.size();
    state.ready.wait_for(lock, kGrace, enough);
  }
  if (state.lines.empty() && state.error) std::rethrow_exception(state.error);
  state.bytes = 0;
  state.space.notify_one();
  return std::exchange(state.lines, {});
}

const std::string& LineQueue::name() const { return state_->reader.name(); }

}  // namespace isthmus::cli
