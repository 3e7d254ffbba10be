// Temporary folders, raw SQL and a small ledger for the tests of everything that reads or writes one.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/bleu.h"
#include "ledger/ledger.h"

namespace isthmus::test {

/// A folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "isthmus-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Asks the file itself, past the ledger's own code. Foreign keys are off, as in the sqlite3 program.
class Sql {
 public:
  explicit Sql(const std::string& path) : database_(path, SQLite::OPEN_READWRITE, 60'000) {}

  std::int64_t integer(const std::string& query) { return database_.execAndGet(query).getInt64(); }
  double number(const std::string& query) { return database_.execAndGet(query).getDouble(); }
  std::string text(const std::string& query) { return database_.execAndGet(query).getString(); }
  bool is_null(const std::string& query) { return database_.execAndGet(query).isNull(); }
  void execute(const std::string& statements) { database_.exec(statements); }
  /// Runs a query to its end; number of rows.
  std::size_t rows(const std::string& query) {
    SQLite::Statement statement(database_, query);
    std::size_t count = 0;
    while (statement.executeStep()) ++count;
    return count;
  }
  std::vector<std::string> column(const std::string& query) {
    SQLite::Statement statement(database_, query);
    std::vector<std::string> values;
    while (statement.executeStep()) values.push_back(statement.getColumn(0).getString());
    return values;
  }

 private:
  SQLite::Database database_;
};

/// Six lines of two lengths, with hypotheses that get worse.
struct SmallCorpus {
  std::vector<std::string> sources{"ein Hund",
                                   "eine Katze schläft",
                                   "zwei Kinder spielen im Garten heute",
                                   "der alte Mann liest jeden Morgen die Zeitung",
                                   "Guten Tag",
                                   ""};
  std::vector<std::string> references{"a dog runs home",
                                      "a cat is sleeping here",
                                      "two children play in the garden today",
                                      "the old man reads the newspaper every morning",
                                      "good day to you",
                                      ""};
  std::vector<std::string> hypotheses{"a dog runs home",
                                      "a cat sleeps here",
                                      "two children play in a garden today",
                                      "the man reads a newspaper",
                                      "hello",
                                      ""};
};

inline std::vector<BleuStatistics> statistics_of(const SmallCorpus& corpus, const BleuOptions& options = {}) {
  return bleu_statistics(corpus.hypotheses, single_references(corpus.references), options);
}

inline std::vector<HypothesisRow> rows_of(const std::vector<std::string>& hypotheses) {
  std::vector<HypothesisRow> rows;
  for (const std::string& text : hypotheses) {
    rows.push_back({.line = static_cast<std::int64_t>(rows.size()) + 1,
                    .text = text,
                    .log_prob = -1.5 * static_cast<double>(rows.size()),
                    .tokens = 4,
                    .stop_reason = "end"});
  }
  return rows;
}

/// Three candidates of a sentence: a reference, a sample, and the sample again.
inline CandidateSetRow candidate_set(RunId run, std::int64_t updates, std::int64_t pair) {
  return {.run = run,
          .updates = updates,
          .pair = pair,
          .source = "ein Hund läuft nach Hause",
          .reference = "a dog runs home",
          .objective = "mrt",
          .reward = "bleu",
          .value = 0.625,
          .entropy = 0.75,
          .top1 = 0.5,
          .unique_share = 2.0 / 3,
          .effective_size = 1.5,
          .candidates = {{.text = "a dog walks",
                          .tokens = 4,
                          .log_prob = -2.5,
                          .q = 0.5,
                          .reward = 0.25,
                          .baseline = 0.375,
                          .weight = -0.00125},
                         {.text = "a dog runs home",
                          .kind = "reference",
                          .tokens = 5,
                          .log_prob = -4,
                          .q = 0.5,
                          .reward = 1,
                          .baseline = 0.375,
                          .weight = 0.00125},
                         {.text = "a dog walks", .tokens = 4, .log_prob = -2.5, .reward = 0.25, .duplicate = true}}};
}

/// What begin_training() and small_ledger() made.
struct SmallLedger {
  RunId train{};
  RunId evaluate{};
  CheckpointId checkpoint{};
  CorpusId test{};
  DecodeId decode{};
  ScoringId scoring{};
};

/// A finished training run with logs, validations and checkpoints, and an evaluation of its best checkpoint.
inline SmallLedger small_ledger(Ledger& ledger, const std::string& cell = "lstm") {
  const SmallCorpus corpus;
  SmallLedger made;
  made.train = ledger.begin_run({.command = "train",
                                 .config_json = R"({"cell": ")" + cell +
                                                R"(", "layers": 1, "hidden": 512, "embedding": 256, )"
                                                R"("bidirectional": false, "context": "initial"})",
                                 .version = "0.1.0",
                                 .seed = 1,
                                 .threads = 2});
  ledger.set_parameters(made.train, 11'350'000);
  const CorpusId valid = ledger.add_corpus(made.train,
                                           {.name = "dev",
                                            .split = "valid",
                                            .source_language = "de",
                                            .target_language = "en",
                                            .source_hash = "11",
                                            .target_hash = "12",
                                            .lines = 1014},
                                           "valid");
  for (const std::int64_t updates : {100, 200, 300}) {
    const double progress = static_cast<double>(updates) / 300;
    ledger.add(TrainLogRow{.run = made.train,
                           .updates = updates,
                           .epoch = progress * 2,
                           .loss = 6 - 3 * progress,
                           .grad_norm = 1.5,
                           .clipped = 0.25,
                           .learning_rate = 1e-3,
                           .target_tokens_per_s = 3000,
                           .target_tokens = updates * 900,
                           .wall_s = progress * 90,
                           .rss_bytes = 500'000'000 + updates});
    made.checkpoint = ledger.add(CheckpointRow{.run = made.train,
                                               .updates = updates,
                                               .path = "model.isthmus",
                                               .hash = cell + std::to_string(updates),
                                               .is_best = true});
    const auto validation = [&](const std::string& metric, const std::string& signature, double value) {
      ledger.add(ValidationRow{.run = made.train,
                               .updates = updates,
                               .checkpoint = made.checkpoint,
                               .corpus = valid,
                               .metric = metric,
                               .signature = signature,
                               .value = value,
                               .seconds = 0.5});
    };
    validation("loss", "", 5 - 2 * progress);
    validation("bleu", "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:isthmus-0.1.0", 20 * progress);
    validation("chrf", "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:isthmus-0.1.0", 40 * progress);
  }
  ledger.add(ArtifactRow{
      .run = made.train, .kind = "model", .path = "model.isthmus", .hash = cell + "300", .bytes = 45'400'000});
  ledger.end_run(
      made.train,
      {.reason = "early stopping", .updates = 300, .target_tokens = 270'000, .peak_memory_bytes = 600'000'000});

  made.evaluate = ledger.begin_run({.command = "evaluate", .version = "0.1.0"});
  made.test = ledger.add_corpus(made.evaluate,
                                {.name = "test", .split = "test", .source_language = "de", .target_language = "en"},
                                "test", corpus.sources, corpus.references);
  made.decode = ledger.add(DecodeRow{.run = made.evaluate,
                                     .checkpoint = made.checkpoint,
                                     .corpus = made.test,
                                     .method = "beam",
                                     .beam = 5,
                                     .seconds = 1.5,
                                     .empty = 1},
                           rows_of(corpus.hypotheses));
  const std::vector<BleuStatistics> statistics = statistics_of(corpus);
  BleuStatistics sum;
  for (const BleuStatistics& one : statistics) sum += one;
  made.scoring = ledger.add(ScoringRow{.decode = made.decode,
                                       .metric = "bleu",
                                       .signature = bleu_signature({}, "1"),
                                       .value = bleu_score(sum, {}).score,
                                       .low = 10,
                                       .high = 70,
                                       .seconds = 0.01},
                            statistics);
  ledger.end_run(made.evaluate, {});
  return made;
}

}  // namespace isthmus::test
