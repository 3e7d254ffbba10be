// Opening: versions, foreign files, damage, permissions.
#include "ledger/connection.h"

#include <fstream>
#include <thread>

#include "core/error.h"
#include "core/file.h"
#include "ledger/ledger_reader.h"
#include "ledger/schema.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using internal::Connection;
using isthmus::test::small_ledger;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

std::vector<std::string_view> with_step(std::string_view step) {
  std::vector<std::string_view> steps(internal::migrations().begin(), internal::migrations().end());
  steps.push_back(step);
  return steps;
}

/// A ledger as that version wrote it, without its views, with that text for rows.
void make_version(int version, const std::string& path, const std::string& rows) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  for (const std::string_view step : internal::migrations().first(static_cast<std::size_t>(version))) {
    database.exec(std::string(step));
  }
  database.exec("PRAGMA application_id = " + std::to_string(internal::kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(version));
  database.exec(rows);
}

constexpr const char* kRuns = R"sql(
INSERT INTO run (id, uuid, command, config_json, version, build_json, process) VALUES
  (1, 'a', 'train', '{}', '', '{}', ''), (2, 'b', 'analyze length', '{}', '', '{}', '');
INSERT INTO corpus VALUES (1, 'c', 'test', 'en', 'de', '1', '2', 9);
)sql";

}  // namespace

TEST_CASE("A new ledger has the newest version and the application's mark") {
  const TemporaryFolder folder;
  Ledger::open(folder.file("l"));
  Sql sql(folder.file("l"));
  CHECK(sql.integer("PRAGMA user_version") == static_cast<std::int64_t>(internal::migrations().size()));
  CHECK(sql.integer("PRAGMA application_id") == internal::kApplicationId);
}

TEST_CASE("A ledger of an older version keeps its rows and gains what is new, read or written") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  {
    Ledger ledger = Ledger::open(path);
    small_ledger(ledger);
  }
  Sql(path).execute("DROP VIEW runs; CREATE VIEW gone_since AS SELECT 1 AS one");
  const auto steps = with_step("ALTER TABLE run ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine'");
  SECTION("by a writer") { Connection(path, Connection::Access::kWrite, steps); }
  SECTION("by a reader") { Connection(path, Connection::Access::kRead, steps); }
  Sql sql(path);
  CHECK(sql.integer("PRAGMA user_version") == static_cast<std::int64_t>(steps.size()));
  CHECK(sql.column("SELECT mood FROM run") == std::vector<std::string>{"fine", "fine"});
  CHECK(sql.integer("SELECT count(*) FROM runs") == 2);
  CHECK(sql.integer("SELECT count(*) FROM sqlite_master WHERE name = 'gone_since'") == 0);
}

TEST_CASE("From version 1: bins of the length study learn whether they are thin, and lose intervals of no width") {
  const TemporaryFolder folder;
  make_version(1, folder.file("l"), std::string(kRuns) + R"sql(
INSERT INTO analysis VALUES (1, 2, 'length', 1, '{"min-sentences": 20}', NULL, 1, NULL, 1, 0.5, '');
INSERT INTO length_quality VALUES (1, 'bleu', 0, 1, 5, 20, 3, 40, 35, 45), (1, 'bleu', 0, 6, 10, 19, 8, 30, 20, 40),
  (1, 'bleu', 0, 11, 15, 1, 12, 25, 25, 25);
)sql");
  const std::vector<LengthQualityRow> rows = LedgerReader::open(folder.file("l")).length_quality(AnalysisId(1));
  REQUIRE(rows.size() == 3);
  CHECK_FALSE(rows[0].thin);
  CHECK(rows[1].thin);
  CHECK(rows[1].quality.low == 20);
  CHECK(rows[2].thin);
  CHECK(rows[2].quality.value == 25);
  CHECK(std::isnan(rows[2].quality.low));
  CHECK(Sql(folder.file("l")).rows("PRAGMA foreign_key_check") == 0);
}

TEST_CASE("From version 1: a model that was only read is no longer its reader's") {
  const TemporaryFolder folder;
  make_version(1, folder.file("l"), std::string(kRuns) + R"sql(
INSERT INTO checkpoint VALUES (1, 1, 100, NULL, NULL, 'm', 'h', 1), (2, 2, 0, NULL, NULL, 'n', 'i', 0);
)sql");
  Ledger ledger = Ledger::open(folder.file("l"));
  CHECK(ledger.run_of_model("h", "m") == RunId(1));
  CHECK_FALSE(ledger.run_of_model("i", "n"));
  CHECK(Sql(folder.file("l")).is_null("SELECT model_run FROM models WHERE checkpoint = 2"));
}

TEST_CASE("From version 4: training logs and validations keep their rows and have no figures of whole sequences") {
  const TemporaryFolder folder;
  make_version(4, folder.file("l"), std::string(kRuns) + R"sql(
INSERT INTO train_log VALUES (1, 100, 0.5, 'mle', 4.5, 1.5, 0.25, 0.001, 3000, 90000, 30, 500, 2, 64);
INSERT INTO validation VALUES (1, 1, 100, NULL, 1, 'bleu', 's', 20.5, 19, 22, 1);
)sql");
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<LogPoint> log = reader.training_log(RunId(1));
  REQUIRE(log.size() == 1);
  CHECK(log[0].loss == 4.5);
  CHECK(log[0].target_tokens_per_s == 3000);
  CHECK_FALSE(log[0].sequence_loss);
  CHECK_FALSE(log[0].candidates_per_s);
  const std::vector<CurvePoint> curve = reader.learning_curve(RunId(1));
  REQUIRE(curve.size() == 1);
  CHECK(curve[0].bleu == 20.5);
  CHECK_FALSE(curve[0].length_ratio);
  CHECK(reader.candidate_history().empty());
  Ledger::open(folder.file("l")).add(isthmus::test::candidate_set(RunId(1), 100, 17));
  CHECK(reader.candidate_history().size() == 1);
  Sql sql(folder.file("l"));
  CHECK(sql.integer("SELECT sent_bytes FROM training_log") == 64);
  CHECK(sql.rows("PRAGMA foreign_key_check") == 0);
}

TEST_CASE("A migration that fails leaves the ledger as it was") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  {
    Ledger ledger = Ledger::open(path);
    small_ledger(ledger);
  }
  const auto steps = with_step("ALTER TABLE run ADD COLUMN mood TEXT; ALTER TABLE nowhere ADD COLUMN x TEXT");
  CHECK_THROWS_AS(Connection(path, Connection::Access::kWrite, steps), InputError);
  Sql sql(path);
  CHECK(sql.integer("PRAGMA user_version") == static_cast<std::int64_t>(internal::migrations().size()));
  CHECK(sql.integer("SELECT count(*) FROM pragma_table_info('run') WHERE name = 'mood'") == 0);
  CHECK(sql.integer("SELECT count(*) FROM runs") == 2);
  CHECK_NOTHROW(Ledger::open(path));
}

TEST_CASE("A ledger of a newer version is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Connection(path, Connection::Access::kWrite, with_step(""));
  CHECK_THROWS_WITH(Ledger::open(path), Catch::Contains("use a newer isthmus"));
  CHECK_THROWS_WITH(LedgerReader::open(path), Catch::Contains("use a newer isthmus"));
}

TEST_CASE("Files that are no ledgers are refused and left alone") {
  const TemporaryFolder folder;
  const std::string text = folder.file("notes.txt");
  write_file_atomically(text, std::string(5000, 'x'));
  CHECK_THROWS_WITH(Ledger::open(text), Catch::Contains("notes.txt") && Catch::Contains("not a ledger"));
  CHECK_THROWS_WITH(LedgerReader::open(text), Catch::Contains("not a ledger"));
  CHECK(read_file(text) == std::string(5000, 'x'));

  const std::string other = folder.file("bookmarks.sqlite");
  {
    SQLite::Database database(other, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE run (url TEXT)");
  }
  const std::string before = read_file(other);
  CHECK_THROWS_WITH(Ledger::open(other), Catch::Contains("of another program"));
  CHECK(read_file(other) == before);

  CHECK_THROWS_WITH(LedgerReader::open(folder.file("absent")), Catch::Contains("no such ledger"));
  CHECK_FALSE(std::filesystem::exists(folder.file("absent")));
  CHECK_THROWS_WITH(Ledger::open(folder.file("no/such/folder/l")),
                    Catch::Contains("cannot be opened") && Catch::EndsWith("--ledger '' goes without a ledger"));
  write_file_atomically(folder.file("empty"), "");
  CHECK_THROWS_WITH(LedgerReader::open(folder.file("empty")), Catch::Contains("is empty"));
  CHECK_NOTHROW(Ledger::open(folder.file("empty")));
}

TEST_CASE("A truncated ledger is an error, not a crash") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  {
    Ledger ledger = Ledger::open(path);
    small_ledger(ledger);
  }
  const std::string whole = read_file(path);
  for (const std::size_t size : {whole.size() / 2, whole.size() / 5, std::size_t{100}}) {
    std::filesystem::resize_file(path, size);
    CHECK_THROWS_AS(LedgerReader::open(path).scores(), InputError);
  }
}

TEST_CASE("A ledger without permission to write can be read") {
  const TemporaryFolder folder;
  const std::string path = folder.file("sub folder 100%/l?edger");
  std::filesystem::create_directory(folder.file("sub folder 100%"));
  {
    Ledger ledger = Ledger::open(path);
    small_ledger(ledger);
  }
  namespace fs = std::filesystem;
  const auto read_only = fs::perms::owner_read | fs::perms::owner_exec;
  fs::permissions(path, fs::perms::owner_read);
  fs::permissions(folder.file("sub folder 100%"), read_only);
  CHECK(LedgerReader::open(path).runs().size() == 2);
  if (geteuid() != 0) {  // permissions do not hold root back
    CHECK_THROWS_WITH(Ledger::open(path),
                      Catch::Contains("cannot be written") && Catch::EndsWith("--ledger '' goes without a ledger"));
  }
  fs::permissions(folder.file("sub folder 100%"), fs::perms::owner_all);
}

TEST_CASE("A full disk is said, with what to do") {
  const TemporaryFolder folder;
  Connection connection(folder.file("l"), Connection::Access::kWrite, internal::migrations());
  connection.execute("PRAGMA max_page_count = 1");  // as many as there are
  CHECK_THROWS_WITH(
      connection.execute("CREATE TABLE large AS SELECT zeroblob(1000000)"),
      Catch::Contains("the disk is full; make room") && Catch::EndsWith("--ledger '' goes without a ledger"));
}

TEST_CASE("A reader cannot write") {
  const TemporaryFolder folder;
  Ledger::open(folder.file("l"));
  Connection reader(folder.file("l"), Connection::Access::kRead, internal::migrations());
  CHECK_THROWS_WITH(reader.execute("DELETE FROM run"),
                    Catch::Contains("cannot be written") && !Catch::Contains("goes without"));
}

// `isthmus report` used to leave FILE-wal and FILE-shm beside every ledger that it had read.
TEST_CASE("A reader leaves nothing behind, and takes away what an earlier one left") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  {
    Ledger ledger = Ledger::open(path);
    small_ledger(ledger);
  }
  const auto beside = [&path] {
    return std::filesystem::exists(path + "-wal") + std::filesystem::exists(path + "-shm");
  };
  REQUIRE(beside() == 0);
  CHECK(LedgerReader::open(path).runs().size() == 2);
  CHECK(beside() == 0);
  {
    SQLite::Database careless(path, SQLite::OPEN_READONLY);
    careless.execAndGet("SELECT count(*) FROM run");
  }
  REQUIRE(beside() == 2);
  CHECK(LedgerReader::open(path).runs().size() == 2);
  CHECK(beside() == 0);
}

TEST_CASE("A reader sees what a writer has not yet moved into the file, and leaves it to the writer") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  small_ledger(ledger);
  CHECK(LedgerReader::open(folder.file("l")).runs().size() == 2);
  CHECK(std::filesystem::exists(folder.file("l-wal")));
  ledger.begin_run({.command = "train"});
  CHECK(LedgerReader::open(folder.file("l")).runs().size() == 3);
}

TEST_CASE("A folder in place of a ledger is told from one, with the ledger inside it") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(LedgerReader::open(folder.file("")), Catch::Contains("is a folder, not a ledger; give the name"));
  CHECK_THROWS_WITH(Ledger::open(folder.file("")), Catch::Contains("is a folder"));
  Ledger::open(folder.file("ledger.sqlite"));
  CHECK_THROWS_WITH(LedgerReader::open(folder.file("")), Catch::Contains(folder.file("ledger.sqlite")));
}

TEST_CASE("Many open a new ledger at the same time") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&path] { Ledger::open(path).begin_run({.command = "train"}); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(Sql(path).integer("SELECT count(*) FROM run") == 8);
}
