#include "ledger/ledger.h"

#include <cstring>

#include "core/error.h"
#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/context_edit_rows.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

/// A row of study 1 in a table of measurements that has none: zeros and empty texts, and
/// nothing where nothing may be.
void fill_measurements(Sql& sql, const std::string& table) {
  const std::string columns = " FROM pragma_table_info('" + table + "') WHERE \"notnull\" AND name <> 'analysis'";
  const bool measures = sql.rows("SELECT 1 FROM pragma_table_info('" + table + "') WHERE name = 'analysis'") > 0;
  if (!measures || sql.integer("SELECT count(*) FROM " + table) > 0) return;
  const std::string zeros =
      sql.text("SELECT group_concat(CASE type WHEN 'TEXT' THEN quote('') WHEN 'BLOB' THEN 'zeroblob(4)' ELSE '0' END)" +
               columns);
  sql.execute("INSERT INTO " + table + " (analysis, " + sql.text("SELECT group_concat(name)" + columns) +
              ") VALUES (1, " + zeros + ")");
}

}  // namespace

TEST_CASE("A training run is in the file as it was told") {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  Ledger ledger = Ledger::open(path);
  const auto made = small_ledger(ledger);
  Sql sql(path);

  CHECK(sql.text("PRAGMA journal_mode") == "wal");
  CHECK(sql.text("SELECT status FROM runs WHERE run = 1") == "early stopping");
  CHECK(sql.integer("SELECT parameters FROM runs WHERE run = 1") == 11'350'000);
  CHECK(sql.number("SELECT peak_memory_mb FROM runs WHERE run = 1") == Approx(600));
  CHECK(sql.number("SELECT best_valid_bleu FROM runs WHERE run = 1") == Approx(20));
  CHECK(sql.text("SELECT model FROM runs WHERE run = 1") == "model.isthmus");
  CHECK(sql.integer("SELECT count(*) FROM train_log") == 3);
  CHECK(sql.integer("SELECT count(*) FROM learning_curve WHERE run = 1") == 3);
  CHECK(sql.number("SELECT train_loss FROM learning_curve WHERE updates = 200") == Approx(4));
  CHECK(sql.number("SELECT perplexity FROM learning_curve WHERE updates = 300") == Approx(std::exp(3.0)));
  CHECK(sql.integer("SELECT updates FROM checkpoint WHERE is_best") == 300);
  CHECK(sql.integer("SELECT count(*) FROM checkpoint WHERE is_best") == 1);
  CHECK(sql.text("SELECT cell FROM cells") == "lstm");
  CHECK(sql.number("SELECT bleu FROM cells") == Approx(sql.number("SELECT value FROM scoring")));
  CHECK(ledger.run_of_model("lstm300", "model.isthmus") == made.train);
  CHECK_FALSE(ledger.run_of_model("nobody's", "model.isthmus"));
}

TEST_CASE("A file that a run writes again is one artifact, as it is now") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  const RunId other = ledger.begin_run({.command = "evaluate"});
  ledger.add(ArtifactRow{.run = run, .kind = "model", .path = "m", .hash = "1", .bytes = 10});
  ledger.add(ArtifactRow{.run = other, .kind = "model", .path = "m", .hash = "1", .bytes = 10});
  ledger.add(ArtifactRow{.run = run, .kind = "config", .path = "m.config"});
  ledger.add(ArtifactRow{.run = run, .kind = "model", .path = "m", .hash = "2", .bytes = 11});
  CHECK(Sql(folder.file("l")).column("SELECT run || kind || coalesce(hash, '') FROM artifact ORDER BY run, kind") ==
        std::vector<std::string>{"1config", "1model2", "2model1"});
}

// A model from elsewhere used to be credited to the run that evaluated it, with 0 updates.
TEST_CASE("Weights that a run only read are not its own") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger ledger = Ledger::open(path);
  const std::vector<std::string> text{"a"};
  const auto decode = [&](const char* hash) {
    const RunId run = ledger.begin_run({.command = "evaluate"});
    const CheckpointId checkpoint = ledger.find_or_add(
        {.run = run,
         .updates = 8649,
         .path = "en-de.isthmus",
         .hash = hash,
         .provenance_json = R"({"isthmus":"0.1.0","updates":8649,"selected-by":"bleu","validation-score":25.5})"});
    const CorpusId corpus = ledger.add_corpus(run, {.name = "c"}, "test", text, text);
    return ledger.add(DecodeRow{.run = run, .checkpoint = checkpoint, .corpus = corpus}, {});
  };
  decode("far");
  decode("far");
  Sql sql(path);
  CHECK(sql.integer("SELECT count(*) FROM checkpoint") == 1);
  CHECK(sql.is_null("SELECT model_run FROM decodes WHERE decode = 1"));
  CHECK(sql.integer("SELECT updates FROM decodes WHERE decode = 2") == 8649);
  CHECK(sql.text("SELECT selected_by FROM models") == "bleu");
  CHECK(sql.number("SELECT validation_score FROM models") == Approx(25.5));
  CHECK(sql.integer("SELECT first_read_by FROM models") == 1);
  CHECK_FALSE(ledger.run_of_model("far", "again.isthmus"));

  // Trained here after all: from now on the weights are those of that run.
  const RunId train = ledger.begin_run({.command = "train"});
  ledger.add(CheckpointRow{.run = train, .updates = 8649, .path = "again.isthmus", .hash = "far"});
  CHECK(ledger.run_of_model("far", "again.isthmus") == train);
  decode("far");
  CHECK(sql.integer("SELECT model_run FROM decodes WHERE decode = 3") == static_cast<std::int64_t>(train));
}

TEST_CASE("A row of the training log replaces the one of the same update") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  ledger.add(TrainLogRow{.run = run, .updates = 7, .loss = 3});
  ledger.add(TrainLogRow{.run = run, .updates = 7, .loss = std::nan("")});
  Sql sql(folder.file("l"));
  CHECK(sql.integer("SELECT count(*) FROM train_log") == 1);
  CHECK(sql.is_null("SELECT loss FROM train_log"));
}

TEST_CASE("Every table reaches a run, and a forgotten run takes its rows along") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  {
    Ledger ledger = Ledger::open(path);
    const auto made = small_ledger(ledger);
    ledger.add(isthmus::test::candidate_set(made.train, 100, 17));
    ledger.add_tokens(made.decode, 1, 1, std::vector<TokenRow>{{"▁a", -0.5}, {"▁dog", -0.25}});
    const std::vector<float> vector{1, 2, 2};
    ledger.add(std::vector<ContextRow>{
        {.run = made.evaluate, .checkpoint = made.checkpoint, .corpus = made.test, .vector = vector}});
    ledger.add(ComparisonRow{.scoring = made.scoring, .baseline = made.scoring, .test = "bootstrap"});
    ledger.add(AnalysisRow{.run = made.evaluate, .kind = "length", .corpus = made.test},
               std::vector{measurements_of(
                   std::vector<LengthQualityRow>{{.metric = "bleu", .from = 1, .to = 5, .sentences = 4}})},
               std::vector<FindingRow>{{.name = "slope_per_10_words", .unit = "BLEU"}});
    ledger.add(AnalysisRow{.run = made.evaluate, .kind = "noise", .corpus = made.test},
               isthmus::test::context_edit_rows(), std::vector<FindingRow>{});
  }
  Sql sql(path);
  sql.execute("PRAGMA foreign_keys = ON");
  const std::vector<std::string> tables =
      sql.column("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  CHECK(tables.size() >= 27);
  for (const std::string& table : tables) {
    INFO(table);
    fill_measurements(sql, table);
    CHECK(sql.integer("SELECT count(*) FROM " + table) > 0);
  }
  CHECK(sql.rows("PRAGMA foreign_key_check") == 0);
  sql.execute("DELETE FROM run WHERE id = 2; DELETE FROM run WHERE id = 1");
  // Text of corpora that no run refers to any more is the user's to keep or drop.
  for (const std::string& table : tables) {
    if (table == "corpus" || table == "sentence") continue;
    INFO(table);
    CHECK(sql.integer("SELECT count(*) FROM " + table) == 0);
  }
  CHECK_NOTHROW(sql.execute("DELETE FROM corpus WHERE id NOT IN (SELECT corpus FROM corpus_use)"));
  CHECK(sql.integer("SELECT count(*) FROM sentence") == 0);
}

TEST_CASE("Rows that point nowhere are refused") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  CHECK_THROWS_AS(ledger.add(TrainLogRow{.run = RunId(99), .updates = 1}), InputError);
  CHECK_THROWS_AS(ledger.add(isthmus::test::candidate_set(RunId(99), 1, 1)), InputError);
  const RunId run = ledger.begin_run({.command = "train"});
  CHECK_THROWS_AS(ledger.add(DecodeRow{.run = run, .corpus = CorpusId(5)}, {}), InputError);
  CHECK_THROWS_AS(ledger.begin_run({.command = "train", .config_json = "not json"}), InputError);
  const CorpusId corpus =
      ledger.add_corpus(run, {.name = "c"}, "test", std::vector<std::string>{"a", "b"}, std::vector<std::string>{});
  const std::vector<HypothesisRow> beyond{{.line = 3, .text = "?"}};
  CHECK_THROWS_WITH(ledger.add(DecodeRow{.run = run, .corpus = corpus}, beyond), Catch::Contains("has no line 3"));
  const std::vector<HypothesisRow> both{{.line = 1, .text = "x"}, {.line = 2, .text = "y"}};
  const DecodeId decode = ledger.add(DecodeRow{.run = run, .corpus = corpus}, both);
  const std::vector<BleuStatistics> three(3);
  CHECK_THROWS_AS(ledger.add(ScoringRow{.decode = decode, .metric = "bleu"}, three), InputError);
  Sql sql(folder.file("l"));
  CHECK(sql.integer("SELECT count(*) FROM decode") == 1);
  CHECK(sql.integer("SELECT count(*) FROM scoring") == 0);
}

TEST_CASE("The same text is one corpus, and hostile bytes come back unchanged") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId first = ledger.begin_run({.command = "evaluate"});
  const RunId second = ledger.begin_run({.command = "analyze length"});
  const std::vector<std::string> sources{std::string("nul\0inside", 10), "\xff\xfe not UTF-8", "", "日本語 の 文"};
  const CorpusId corpus = ledger.add_corpus(first, {.name = "a"}, "test", sources, sources);
  CHECK(ledger.add_corpus(second, {.name = "b"}, "test", sources, sources) == corpus);
  CHECK(ledger.add_corpus(second, {.name = "b"}, "test", sources, {}) != corpus);
  Sql sql(folder.file("l"));
  CHECK(sql.column("SELECT source FROM sentence WHERE corpus = 1 ORDER BY line") == sources);
  CHECK(sql.column("SELECT words FROM sentence WHERE corpus = 1 ORDER BY line") ==
        std::vector<std::string>{"1", "3", "0", "3"});
  CHECK(sql.integer("SELECT characters FROM sentence WHERE line = 4 AND corpus = 1") == 7);
  CHECK(sql.integer("SELECT runs FROM corpora WHERE corpus = 1") == 2);
}

TEST_CASE("Context vectors are little-endian float32") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger ledger = Ledger::open(path);
  const auto made = small_ledger(ledger);
  std::vector<float> vector{1.0F, -2.0F, 0.5F};
  ContextRow row{.run = made.evaluate, .checkpoint = made.checkpoint, .corpus = made.test, .line = 2, .vector = vector};
  ledger.add(std::vector<ContextRow>{row});
  Sql sql(path);
  CHECK(sql.text("SELECT hex(vector) FROM context") ==
        "0000803F"
        "000000C0"
        "0000003F");
  CHECK(sql.integer("SELECT dim FROM context") == 3);
  CHECK(sql.number("SELECT norm FROM context") == Approx(std::sqrt(5.25)));
  vector[0] = 4.0F;
  ledger.add(std::vector<ContextRow>{row});
  CHECK(sql.text("SELECT hex(vector) FROM context") ==
        "00008040"
        "000000C0"
        "0000003F");
}

TEST_CASE("A resumed run goes on with the curve of the run before, up to where it was resumed") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  const RunId child = ledger.begin_run(
      {.command = "train", .parent = ledger.run_of_model("lstm200", "model.isthmus"), .resumed_at = 200});
  ledger.add(TrainLogRow{.run = child, .updates = 300, .loss = 2.5, .target_tokens = 5});
  const RunId grandchild = ledger.begin_run({.command = "train", .parent = child, .resumed_at = 150});
  Sql sql(folder.file("l"));
  CHECK(ledger.run_of_model("lstm200", "model.isthmus") == made.train);
  CHECK(sql.column("SELECT updates || ':' || loss FROM training_log WHERE run = " +
                   std::to_string(static_cast<std::int64_t>(child)) + " ORDER BY updates") ==
        std::vector<std::string>{"100:5.0", "200:4.0", "300:2.5"});
  CHECK(sql.column("SELECT updates FROM learning_curve WHERE run = " +
                   std::to_string(static_cast<std::int64_t>(grandchild))) == std::vector<std::string>{"100"});
}

// A run that was killed before it had a model once was no parent: its part of the curve was lost.
TEST_CASE("The run that left a state is found by its bytes, or else by its configuration") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  std::vector<RunId> runs;
  for (const char* name : {"x", "y", "x", "x"}) {
    runs.push_back(ledger.begin_run({.command = "train"}));
    ledger.add(ArtifactRow{.run = runs.back(), .kind = "config", .path = std::string(name) + ".config", .hash = "c"});
  }
  ledger.add(ArtifactRow{.run = runs[0], .kind = "state", .path = "x.state", .hash = "s"});
  ledger.add(ArtifactRow{.run = runs[2], .kind = "state", .path = "x.state", .hash = "t"});
  CHECK(ledger.run_of_state("s", "x.config") == runs[0]);
  CHECK(ledger.run_of_state("t", "moved/x.config") == runs[2]);
  CHECK(ledger.run_of_state("lost", "./x.config") == runs[3]);
  CHECK(ledger.run_of_state("lost", "y.config") == runs[1]);
  CHECK_FALSE(ledger.run_of_state("lost", "z.config"));
  CHECK_FALSE(ledger.run_of_state("c", "z.config"));
}

// x, y and z of the same options and seed have the same bytes, and a run resumed from x was recorded as one of z.
TEST_CASE("Of runs that made the same weights, the one that wrote them to the path is meant") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  std::vector<RunId> runs;
  std::vector<CheckpointId> checkpoints;
  for (const char* path : {"x.isthmus", "y.isthmus", "z.isthmus"}) {
    runs.push_back(ledger.begin_run({.command = "train"}));
    checkpoints.push_back(
        ledger.add(CheckpointRow{.run = runs.back(), .updates = 9, .path = path, .hash = "h", .is_best = true}));
  }
  CHECK(ledger.run_of_model("h", "x.isthmus") == runs[0]);
  CHECK(ledger.run_of_model("h", "./y.isthmus") == runs[1]);
  CHECK(ledger.run_of_model("h", "copy.isthmus") == runs[2]);
  CHECK_FALSE(ledger.run_of_model("i", "x.isthmus"));
  const RunId reader = ledger.begin_run({.command = "evaluate"});
  CHECK(ledger.find_or_add({.run = reader, .path = "x.isthmus", .hash = "h", .provenance_json = "{}"}) ==
        checkpoints[0]);
  CHECK(ledger.find_or_add({.run = reader, .path = "copy.isthmus", .hash = "h", .provenance_json = "{}"}) ==
        checkpoints[2]);

  const RunId resumed = ledger.begin_run({.command = "train", .parent = runs[0]});
  ledger.add(CheckpointRow{.run = resumed, .updates = 9, .path = "x.isthmus", .hash = "h"});
  CHECK(ledger.run_of_model("h", "x.isthmus") == resumed);
}

TEST_CASE("Scores of texts from elsewhere are told by their files, and compared") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  {
    Ledger ledger = Ledger::open(path);
    const RunId run = ledger.begin_run({.command = "evaluate"});
    const std::vector<std::string> none(3), references = {"a b c", "d e f g h i j", "k"};
    const CorpusId corpus = ledger.add_corpus(run, {.name = "test.de", .split = "test"}, "test", none, references);
    std::vector<ScoringId> scorings;
    for (const std::string name : {"one.de", "two.de"}) {
      const DecodeId decode = ledger.add(
          DecodeRow{
              .run = run, .corpus = corpus, .method = "file", .options_json = R"({"hypothesis": ")" + name + "\"}"},
          isthmus::test::rows_of(references));
      scorings.push_back(ledger.add(
          ScoringRow{.decode = decode, .metric = "ter", .signature = "s", .value = name == "one.de" ? 40 : 30.5}));
    }
    ledger.add(ComparisonRow{
        .scoring = scorings[1], .baseline = scorings[0], .test = "randomisation", .p = 0.25, .trials = 100, .seed = 7});
    CHECK_THROWS_AS(ledger.add(ComparisonRow{.scoring = ScoringId(99), .baseline = scorings[0]}), InputError);
  }
  LedgerReader reader = LedgerReader::open(path);
  const auto scores = reader.scores();
  REQUIRE(scores.size() == 2);
  CHECK(scores[0].model == "one.de");
  CHECK_FALSE(scores[0].model_run);
  const auto comparisons = reader.comparisons(RunId(1));
  REQUIRE(comparisons.size() == 1);
  CHECK(comparisons[0].model == "two.de");
  CHECK(comparisons[0].baseline_model == "one.de");
  CHECK(comparisons[0].p == 0.25);
  CHECK(comparisons[0].trials == 100);
  CHECK(reader.comparisons(RunId(2)).empty());
  Sql sql(path);
  CHECK(sql.number("SELECT difference FROM comparisons") == -9.5);
  // Without sources, the references' lengths stand for theirs.
  CHECK(sql.column("SELECT words FROM sentence ORDER BY line") == std::vector<std::string>{"3", "7", "1"});
}

TEST_CASE("The BLEU statistics of a decode come back by line, with the lengths of the sources") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<BleuStatistics> statistics = isthmus::test::statistics_of(isthmus::test::SmallCorpus());
  const std::vector<SentenceBleu> sentences = reader.sentence_bleu(made.decode);
  REQUIRE(sentences.size() == statistics.size());
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    CHECK(sentences[i].line == static_cast<std::int64_t>(i) + 1);
    CHECK(sentences[i].statistics == statistics[i]);
  }
  CHECK(sentences[2].words == 6);
  CHECK(sentences[0].characters == 8);
  CHECK(reader.sentence_bleu(DecodeId(99)).empty());
  CHECK(reader.study_params(AnalysisId(99)) == "{}");
}

TEST_CASE("The run that knows a model's files is the last that wrote their configuration") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId first = ledger.begin_run({.command = "train"}), second = ledger.begin_run({.command = "train"});
  ledger.add(ArtifactRow{.run = first, .kind = "config", .path = "a/m.isthmus.config"});
  ledger.add(ArtifactRow{.run = second, .kind = "config", .path = "./a/m.isthmus.config"});
  ledger.add(ArtifactRow{.run = second, .kind = "config", .path = "b/m.isthmus.config"});
  CHECK(ledger.run_of_config("a/m.isthmus.config") == second);
  CHECK_FALSE(ledger.run_of_config("c/m.isthmus.config"));
}
