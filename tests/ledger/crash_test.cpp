// Processes that are killed, and processes that write at once.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>

#include "core/error.h"
#include "core/random.h"
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

constexpr std::int64_t kStudyRows = 150;
constexpr std::int64_t kStudyFindings = 5;

/// What a writer says after a study of it is in the ledger.
struct Written {
  std::int64_t analysis = 0;
  std::int64_t seed = 0;  ///< different for each study
};

/// Adds studies until it is killed, and tells `pipe` of each that the ledger took.
void write_studies(const std::string& path, int pipe, std::int64_t first_seed) {
  Ledger ledger = Ledger::open(path);
  const RunId run = ledger.begin_run({.command = "analyze all"});
  const std::vector<std::string> lines{"a line"};
  const CorpusId corpus = ledger.add_corpus(run, {.name = "c"}, "test", lines, lines);
  std::vector<LengthQualityRow> rows;
  for (std::int64_t i = 1; i <= kStudyRows; ++i) rows.push_back({.metric = "bleu", .from = i, .to = i, .sentences = 4});
  std::vector<FindingRow> findings;
  for (std::int64_t i = 0; i < kStudyFindings; ++i) findings.push_back({.name = std::to_string(i), .value = 1});
  for (std::int64_t seed = first_seed;; ++seed) {
    const AnalysisId analysis =
        ledger.add(AnalysisRow{.run = run, .kind = "length", .corpus = corpus, .seed = seed, .verdict = "v"},
                   std::vector{measurements_of(rows)}, findings);
    const Written written{static_cast<std::int64_t>(analysis), seed};
    if (write(pipe, &written, sizeof written) != sizeof written) _exit(1);
  }
}

/// Empties a pipe that does not wait.
void read_all(int pipe, std::map<std::int64_t, std::int64_t>& seeds) {
  Written written;
  while (read(pipe, &written, sizeof written) == sizeof written) seeds[written.analysis] = written.seed;
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

TEST_CASE("Writers of studies that are killed leave whole studies, and all that the ledger took") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger::open(path);
  constexpr int kKills = 40;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  fcntl(pipe[0], F_SETFL, O_NONBLOCK);
  std::int64_t started = 0;
  const auto start = [&] {
    const std::int64_t first_seed = ++started * 1'000'000;
    return in_process([&] { write_studies(path, pipe[1], first_seed); });
  };
  std::map<std::int64_t, std::int64_t> seeds;  // by study: what its writer said
  std::array<pid_t, 4> writers{};
  for (pid_t& writer : writers) writer = start();
  Random random(11);
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    usleep(static_cast<useconds_t>(random.below(30'000)));
    read_all(pipe[0], seeds);
    // Now one, now two at once; the others write on.
    for (std::size_t victims = 1 + random.below(2); victims > 0; --victims) {
      pid_t& writer = writers[random.below(writers.size())];
      kill(writer, SIGKILL);
      CHECK(WTERMSIG(wait_for(writer)) == SIGKILL);
      writer = start();
    }
  }
  const auto enough = [&] {
    read_all(pipe[0], seeds);
    return seeds.size() >= 20;
  };
  for (int wait = 0; wait < 3000 && !enough(); ++wait) usleep(10'000);
  for (const pid_t writer : writers) {
    kill(writer, SIGKILL);
    wait_for(writer);
  }
  read_all(pipe[0], seeds);
  for (const int end : pipe) close(end);

  REQUIRE(seeds.size() >= 20);
  Sql sql(path);
  for (const auto& [analysis, seed] : seeds) {
    CAPTURE(analysis);
    CHECK(sql.integer("SELECT count(*) FROM analysis WHERE id = " + std::to_string(analysis) +
                      " AND seed = " + std::to_string(seed)) == 1);
  }
  // A study that nobody spoke of was taken just before its writer died: it is whole, too.
  const auto studies_with = [&sql](const std::string& table) {
    return sql.column("SELECT count(" + table + ".analysis) FROM analysis LEFT JOIN " + table +
                      " ON analysis = analysis.id GROUP BY analysis.id");
  };
  for (const std::string& rows : studies_with("length_quality")) CHECK(rows == std::to_string(kStudyRows));
  for (const std::string& rows : studies_with("finding")) CHECK(rows == std::to_string(kStudyFindings));
  CHECK(sql.integer("SELECT count(*) FROM corpus") == 1);
  CHECK(sql.integer("SELECT count(*) FROM latest_studies") == 1);
  CHECK(sql.integer("SELECT analysis FROM latest_studies") == sql.integer("SELECT max(id) FROM analysis"));
  CHECK(sql.integer("SELECT count(*) FROM runs WHERE status <> 'interrupted'") == 0);
  CHECK(sql.text("PRAGMA integrity_check") == "ok");
  CHECK(sql.rows("PRAGMA foreign_key_check") == 0);
}
