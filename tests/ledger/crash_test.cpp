// Processes that are killed, and processes that write at once.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

/// Runs `work` in a process of its own, which ends without clean-up when it returns.
template <class Work>
pid_t in_process(Work work) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    work();
    _exit(0);
  } catch (...) {
    _exit(1);
  }
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("A process killed in the middle of a transaction leaves whole rows, and its run is interrupted") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  const pid_t child = in_process([&path] {
    Ledger ledger = Ledger::open(path);
    const RunId run = ledger.begin_run({.command = "translate"});
    ledger.add(TrainLogRow{.run = run, .updates = 1, .loss = 1});
    const std::vector<std::string> lines(2000, "a line of text that fills pages");
    ledger.transaction([&] {
      const CorpusId corpus = ledger.add_corpus(run, {.name = "c"}, "test", lines, lines);
      ledger.add(DecodeRow{.run = run, .corpus = corpus}, isthmus::test::rows_of(lines));
      raise(SIGKILL);
    });
  });
  CHECK(WTERMSIG(wait_for(child)) == SIGKILL);

  const std::vector<RunSummary> runs = LedgerReader::open(path).runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].status == "interrupted");
  CHECK(runs[0].updates == 1);
  Sql sql(path);
  CHECK(sql.integer("SELECT count(*) FROM train_log") == 1);
  for (const char* table : {"corpus", "corpus_use", "sentence", "decode", "hypothesis"}) {
    INFO(table);
    CHECK(sql.integer(std::string("SELECT count(*) FROM ") + table) == 0);
  }
  CHECK(sql.text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("A run that goes on is told from one that was killed") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(reader.runs().at(0).status == "running");
  CHECK(Sql(folder.file("l")).text("SELECT status FROM runs") == "interrupted");
  ledger.end_run(run, {.reason = "time limit"});
  CHECK(reader.runs().at(0).status == "time limit");
}

TEST_CASE("An exception in a transaction takes back all of it, nested parts too") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  CHECK_THROWS_WITH(ledger.transaction([&] {
    ledger.add(TrainLogRow{.run = run, .updates = 1});
    ledger.transaction([&] { ledger.add(TrainLogRow{.run = run, .updates = 2}); });
    throw std::runtime_error("stop");
  }),
                    "stop");
  Sql sql(folder.file("l"));
  CHECK(sql.integer("SELECT count(*) FROM train_log") == 0);
  ledger.transaction([&] { ledger.add(TrainLogRow{.run = run, .updates = 3}); });
  CHECK(sql.integer("SELECT updates FROM train_log") == 3);
}

TEST_CASE("Processes that write at once lose nothing") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  constexpr int kWriters = 4;
  constexpr int kRows = 50;
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    children.push_back(in_process([&path] {
      Ledger ledger = Ledger::open(path);
      const RunId run = ledger.begin_run({.command = "train"});
      for (int i = 0; i < kRows; ++i) {
        ledger.transaction([&] {
          ledger.add(TrainLogRow{.run = run, .updates = i});
          ledger.add(CheckpointRow{.run = run, .updates = i, .hash = "h", .is_best = true});
        });
      }
      ledger.end_run(run, {});
    }));
  }
  for (const pid_t child : children) CHECK(wait_for(child) == 0);
  Sql sql(path);
  CHECK(sql.integer("SELECT count(*) FROM run WHERE exit_reason = 'finished'") == kWriters);
  CHECK(sql.integer("SELECT count(*) FROM train_log") == kWriters * kRows);
  CHECK(sql.integer("SELECT count(*) FROM checkpoint") == kWriters * kRows);
  CHECK(sql.integer("SELECT count(*) FROM checkpoint WHERE is_best") == kWriters);
}
