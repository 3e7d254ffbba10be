// Workers that do the same numbered pieces of work whoever does them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace isthmus {

/// A fixed set of threads. run() gives out pieces of work; which thread does a piece never changes its result, so
/// callers fix the number of pieces and not the number of threads. One run() at a time.
class ThreadPool {
 public:
  /// `threads` counts the calling thread: with 1 nothing is started and run() is a loop. On a machine with as many
  /// processors as threads, each worker is pinned to its own.
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t size() const;

  /// Calls work(piece, worker) for piece 0 … pieces − 1 and returns when all are done. worker < size() is the number of
  /// the calling thread, for scratch memory. The first exception is thrown again here, after all workers have stopped.
  void run(std::size_t pieces, const std::function<void(std::size_t piece, std::size_t worker)>& work);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Processors that this process may use.
std::size_t available_processors();

}  // namespace isthmus
