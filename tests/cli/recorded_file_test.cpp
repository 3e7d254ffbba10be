#include "cli/recorded_file.h"

#include "cli/training_ledger.h"
#include "core/error.h"
#include "core/hash.h"
#include "tests/cli/trained_folder.h"

using namespace isthmus;
using isthmus::test::Sql;
using isthmus::test::TrainedFolder;

namespace {

std::string hash_of(const std::string& path) { return hash128_hex(read_file(path)); }

}  // namespace

TEST_CASE("A file's row has its hash and size, read in pieces") {
  const isthmus::test::TemporaryFolder folder;
  const std::string path = folder.file("f");
  for (const std::size_t size : {std::size_t{0}, std::size_t{1} << 20, (std::size_t{5} << 19) + 7}) {
    std::string bytes(size, 'x');
    for (std::size_t i = 0; i < size; i += 1000) bytes[i] = static_cast<char>(i);
    write_file_atomically(path, bytes);
    const ArtifactRow row = cli::recorded_file(RunId(3), "state", path);
    CHECK(row.hash == hash128_hex(bytes));
    CHECK(row.bytes == static_cast<std::int64_t>(size));
  }
  CHECK_THROWS_AS(cli::recorded_file(RunId(3), "state", folder.file("absent")), InputError);
}

// The table was never written, and so the report's model column was empty.
TEST_CASE("A training run has its model, configuration, state and the snapshots that are left as artifacts") {
  const TrainedFolder folder;
  Sql sql(folder.file("ledger"));
  CHECK(sql.column("SELECT kind FROM artifact WHERE run = 1 ORDER BY kind") ==
        std::vector<std::string>{"config", "model", "snapshot", "state"});
  CHECK(sql.text("SELECT path FROM artifact WHERE kind = 'snapshot'") == folder.file("m.update-2.isthmus"));
  CHECK(sql.text("SELECT model FROM runs") == folder.file("m.isthmus"));
  CHECK(sql.text("SELECT hash FROM artifact WHERE kind = 'model'") == hash_of(folder.file("m.isthmus")));
  CHECK(sql.text("SELECT hash FROM artifact WHERE kind = 'state'") == hash_of(folder.file("m.isthmus.state")));
  CHECK(sql.integer("SELECT bytes FROM artifact WHERE kind = 'config'") ==
        static_cast<std::int64_t>(read_file(folder.file("m.isthmus.config")).size()));
}

// A run that was killed had lost its log since the last line, though the run that goes on does not do it again.
TEST_CASE("What a run has logged up to its state is in the ledger with the state") {
  const isthmus::test::TemporaryFolder folder;
  const std::string state = folder.file("m.isthmus.state");
  write_file_atomically(state, "a state");
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  TrainingOptions options;
  options.log_every = 100;
  cli::TrainingLedger observer(ledger, run, CorpusId{}, options, folder.file("m.isthmus"));
  for (std::int64_t update = 1; update <= 3; ++update) {
    observer.on_update({.update = update, .loss = 2.0, .target_tokens = 10, .total_tokens = 10 * update});
  }
  observer.on_state(state);
  Sql sql(folder.file("l"));
  CHECK(sql.column("SELECT updates || ':' || target_tokens FROM train_log") == std::vector<std::string>{"3:30"});
  CHECK(sql.text("SELECT hash FROM artifact WHERE kind = 'state'") == hash_of(state));
  CHECK(ledger.run_of_state(hash_of(state), "") == run);
  observer.on_state(state);
  CHECK(sql.integer("SELECT count(*) FROM train_log") == 1);
}
