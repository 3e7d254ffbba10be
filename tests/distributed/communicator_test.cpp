#include "distributed/communicator.h"

#include <atomic>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/distributed/thread_wire.h"

namespace isthmus {
namespace {

void expect(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

TEST_CASE("alone, nothing happens and nothing is sent") {
  Communicator world;
  CHECK(world.alone());
  CHECK(world.leads());
  std::vector<float> values = {1.0f, 2.0f};
  world.sum(std::span(values));
  CHECK(values == std::vector<float>{1.0f, 2.0f});
  std::string text = "text";
  world.broadcast(text);
  CHECK(text == "text");
  CHECK(world.gather("mine") == std::vector<std::string>{"mine"});
  CHECK(world.scatter({"mine"}) == "mine");
  world.barrier();
  require_same(world, "the texts", "a", "");
  CHECK(world.bytes_sent() == 0);
}

TEST_CASE("every rank gets what rank 0 broadcasts") {
  const std::size_t ranks = GENERATE(2, 3, 4, 5, 6, 7, 8, 9);
  run_world(ranks, [](Communicator& world) {
    for (const std::string& text : {std::string(), std::string("a\0b", 3), std::string(100'000, 'x')}) {
      std::string bytes = world.leads() ? text : "something else";
      world.broadcast(bytes);
      expect(bytes == text, "not what was broadcast");
    }
  });
}

TEST_CASE("a broadcast leaves no rank more than its logarithm of sends") {
  run_world(8, [](Communicator& world) {
    std::vector<std::byte> bytes(1000);
    world.broadcast(std::span(bytes));
    expect(world.bytes_sent() == (world.leads()           ? 3000
                                  : world.rank() % 4 == 0 ? 2000
                                  : world.rank() % 2 == 0 ? 1000
                                                          : 0),
           "bytes sent");
  });
}

TEST_CASE("gather and scatter keep the order of the ranks, and all bytes") {
  const std::size_t ranks = GENERATE(2, 3, 5);
  run_world(ranks, [](Communicator& world) {
    const std::string own = world.rank() == 1 ? "" : std::string("rank\0", 5) + std::to_string(world.rank());
    const std::vector<std::string> all = world.gather(own);
    expect(all.size() == (world.leads() ? world.size() : 0), "size");
    expect(world.scatter(all) == own, "another rank's bytes");
  });
}

TEST_CASE("whole numbers and doubles are summed too") {
  run_world(5, [](Communicator& world) {
    std::vector<std::int64_t> counts = {static_cast<std::int64_t>(world.rank()), std::int64_t{1} << 60};
    world.sum(std::span(counts));
    expect(counts[0] == 10 && counts[1] == 5 * (std::int64_t{1} << 60), "counts");
    double number = 0.5;
    world.sum(std::span(&number, 1));
    expect(number == 2.5, "doubles");
  });
}

TEST_CASE("nobody leaves a barrier before all have come") {
  std::atomic<std::size_t> arrived = 0;
  run_world(6, [&](Communicator& world) {
    ++arrived;
    world.barrier();
    expect(arrived == 6, "left too early");
  });
}

TEST_CASE("a rank with something else is named on every rank") {
  std::atomic<int> complaints = 0;
  run_world(4, [&](Communicator& world) {
    require_same(world, "the texts", "same", "");
    try {
      require_same(world, "the texts", world.rank() == 2 ? "b" : "a", "copy them");
    } catch (const InputError& error) {
      const std::string message = error.what();
      expect(message.find("the texts of rank 2") == 0 && message.find("copy them") != std::string::npos, error.what());
      ++complaints;
    }
  });
  CHECK(complaints == 4);
}

}  // namespace
}  // namespace isthmus
