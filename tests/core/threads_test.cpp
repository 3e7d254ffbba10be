#include "core/threads.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("every piece is done once, by a worker that exists") {
  const std::size_t threads = GENERATE(1, 2, 3, 5);
  ThreadPool pool(threads);
  REQUIRE(pool.size() == threads);
  for (const std::size_t pieces : {0, 1, 2, 1000}) {
    std::vector<std::atomic<int>> done(pieces);
    std::atomic<bool> stranger = false;
    pool.run(pieces, [&](std::size_t piece, std::size_t worker) {
      ++done.at(piece);
      if (worker >= threads) stranger = true;
    });
    for (const auto& times : done) REQUIRE(times == 1);
    CHECK_FALSE(stranger);
  }
}

TEST_CASE("a pool can be used many times in a row") {
  ThreadPool pool(3);
  std::atomic<int> sum = 0;
  for (int i = 0; i < 2000; ++i) pool.run(4, [&](std::size_t, std::size_t) { ++sum; });
  CHECK(sum == 8000);
}

TEST_CASE("no two pieces have the same worker at once") {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> inside(pool.size());
  std::atomic<bool> clash = false;
  pool.run(300, [&](std::size_t, std::size_t worker) {
    if (++inside[worker] != 1) clash = true;
    std::this_thread::yield();
    --inside[worker];
  });
  CHECK_FALSE(clash);
}

TEST_CASE("one thread is a loop in the caller") {
  ThreadPool pool(1);
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<std::size_t> order;
  pool.run(5, [&](std::size_t piece, std::size_t worker) {
    CHECK(worker == 0);
    CHECK(std::this_thread::get_id() == caller);
    order.push_back(piece);
  });
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("several threads do work at the same time") {
  ThreadPool pool(2);
  std::atomic<int> arrived = 0;
  pool.run(2, [&](std::size_t, std::size_t) {  // ends only when both pieces have begun
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
  });
  CHECK(arrived == 2);
}

TEST_CASE("an exception reaches the caller, the rest is left out, and the pool lives on") {
  const std::size_t threads = GENERATE(1, 3);
  ThreadPool pool(threads);
  std::atomic<int> done = 0;
  const auto work = [&](std::size_t piece, std::size_t) {
    if (piece == 7) throw std::runtime_error("piece 7");
    ++done;
  };
  CHECK_THROWS_WITH(pool.run(1000000, work), "piece 7");
  CHECK(done < 1000000 - 1);
  done = 0;
  pool.run(5, work);
  CHECK(done == 5);
}

TEST_CASE("there is a processor") { CHECK(available_processors() >= 1); }

}  // namespace
}  // namespace isthmus
