#include "core/threads.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace isthmus {

std::size_t available_processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return static_cast<std::size_t>(CPU_COUNT(&set));
  return std::max(1u, std::thread::hardware_concurrency());
}

namespace {

/// While one lives, threads that are made are not sent signals, but for those of their own faults.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t set;
    sigfillset(&set);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&set, fault);
    pthread_sigmask(SIG_BLOCK, &set, &earlier_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &earlier_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t earlier_;
};

}  // namespace

struct ThreadPool::Impl {
  std::mutex mutex;
  std::condition_variable work_ready;
  std::condition_variable work_done;
  const std::function<void(std::size_t, std::size_t)>* work = nullptr;
  std::size_t pieces = 0;
  std::atomic<std::size_t> next{0};
  std::size_t generation = 0;
  std::size_t busy = 0;
  bool stop = false;
  std::exception_ptr error;
  std::vector<std::thread> threads;

  void drain(std::size_t worker) {
    try {
      for (std::size_t piece = next++; piece < pieces; piece = next++) (*work)(piece, worker);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
      next = pieces;
    }
  }

  void loop(std::size_t worker) {
    std::size_t seen = 0;
    std::unique_lock lock(mutex);
    while (true) {
      work_ready.wait(lock, [&] { return stop || generation != seen; });
      if (stop) return;
      seen = generation;
      lock.unlock();
      drain(worker);
      lock.lock();
      if (--busy == 0) work_done.notify_one();
    }
  }
};

ThreadPool::ThreadPool(std::size_t threads) : impl_(std::make_unique<Impl>()) {
  // Two busy threads left to the scheduler can share a processor for a long time.
  std::vector<int> processors;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    for (int i = 0; i < CPU_SETSIZE; ++i) {
      if (CPU_ISSET(i, &allowed)) processors.push_back(i);
    }
  }
  const SignalsBlocked blocked;  // core/interrupt.h has the reason
  for (std::size_t worker = 1; worker < threads; ++worker) {
    impl_->threads.emplace_back([this, worker] { impl_->loop(worker); });
    if (processors.size() == threads) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(processors[worker], &one);
      pthread_setaffinity_np(impl_->threads.back().native_handle(), sizeof(one), &one);
    }
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->work_ready.notify_all();
  for (std::thread& thread : impl_->threads) thread.join();
}

std::size_t ThreadPool::size() const { return impl_->threads.size() + 1; }

void ThreadPool::run(std::size_t pieces, const std::function<void(std::size_t, std::size_t)>& work) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->work = &work;
    impl_->pieces = pieces;
    impl_->next = 0;
    impl_->busy = impl_->threads.size();
    impl_->error = nullptr;
    ++impl_->generation;
  }
  impl_->work_ready.notify_all();
  impl_->drain(0);
  std::unique_lock lock(impl_->mutex);
  impl_->work_done.wait(lock, [&] { return impl_->busy == 0; });
  if (impl_->error) std::rethrow_exception(impl_->error);
}

}  // namespace isthmus
