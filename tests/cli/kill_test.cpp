// A run that is killed, whenever that is, and goes on ends with the bytes of one that never stopped.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "core/random.h"
#include "tests/catch.h"
#include "tests/cli/training_process.h"

namespace isthmus::test {
namespace {

using Seconds = std::chrono::duration<double>;

Seconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }

/// All that has a state: epochs of 13 updates, validations each 7, saves each 3, snapshots, a plateau, a moving
/// average, dropout, pieces cut anew in each epoch.
constexpr const char* kRich =
    "--validate-every 7 --save-every 3 --keep-last 2 --hidden 24 --dropout 0.2 --tokenizer unigram "
    "--sampling-alpha 0.3 --average-decay 0.9 --learning-rate 0.02 --warmup 5 --decay plateau "
    "--patience 0";

std::uint64_t chosen_seed() {
  const char* given = std::getenv("ISTHMUS_KILL_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10)
                          : static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
}

TEST_CASE("a run killed at random moments ends with the bytes of one that was not", "[slow]") {
  constexpr int kUpdates = 200;
  constexpr int kKills = 50;
  // The number of threads has no effect on the results, so each part of a run has another.
  const auto options = [&](std::uint64_t threads) {
    return fmt::format("{} --max-updates {} --threads {}", kRich, kUpdates, threads);
  };
  const TrainingFolder whole;
  const Seconds start = now();
  REQUIRE(whole.run(options(2)) == 0);
  const Seconds duration = now() - start;
  CHECK(faults_of_ledger(whole.path("l.sqlite"), kUpdates) == "");
  auto expected = whole.results();
  expected.erase("m.isthmus.config");  // names the number of threads

  const std::uint64_t seed = chosen_seed();
  std::cout << "killed at random moments of " << duration.count() << " s: ISTHMUS_KILL_SEED=" << seed
            << " draws them again\n";
  Random random(seed);
  int kills = 0;
  for (int round = 0; kills < kKills; ++round) {
    const TrainingFolder folder;
    while (true) {
      const Seconds delay = 1.1 * random.uniform() * duration;
      CAPTURE(seed, round, kills, delay.count());
      const pid_t process = folder.start(options(1 + random.below(3)));
      std::this_thread::sleep_for(delay);
      ::kill(process, SIGKILL);
      const int end = wait_for(process);
      folder.require_whole_files();
      REQUIRE(faults_of_ledger(folder.path("l.sqlite"), end == 0 ? kUpdates : 0) == "");
      if (end == 0) {
        auto results = folder.results();
        results.erase("m.isthmus.config");
        REQUIRE(differences(results, expected) == "");
        break;
      }
      INFO(folder.talk());
      REQUIRE(end == -SIGKILL);
      ++kills;
    }
  }
}

constexpr const char* kShort =
    "--max-updates 7 --validate-every 3 --save-every 2 --keep-last 1 --tokenizer word --hidden 8";

// Every place between two changes of files, and the middle of every write: between the new model's name and the new
// state's, in a transaction of the ledger, in half a temporary file.
TEST_CASE("a run killed at any call that changes a file ends with the bytes of one that was not", "[slow]") {
  const TrainingFolder whole;
  const int calls = whole.calls(kShort);
  REQUIRE(calls > 100);
  const auto expected = whole.results();
  CHECK(faults_at_each_call(calls, [&](int call) {
          const TrainingFolder folder;
          if (folder.run(kShort, fmt::format("kill:{}", call)) != -SIGKILL) return "was not killed: " + folder.talk();
          folder.require_whole_files();
          const std::string faults = faults_of_ledger(folder.path("l.sqlite"));
          if (folder.run(kShort) != 0) return faults + "does not go on: " + folder.talk();
          return faults + differences(folder.results(), expected) + faults_of_ledger(folder.path("l.sqlite"), 7);
        }) == "");
}

}  // namespace
}  // namespace isthmus::test
