#include <cmath>
#include <limits>

#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::candidate_set;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

std::vector<std::int64_t> updates_of(const std::vector<CandidateSetSummary>& history) {
  std::vector<std::int64_t> updates;
  for (const CandidateSetSummary& set : history) updates.push_back(set.updates);
  return updates;
}

}  // namespace

TEST_CASE("Candidates come back as they were told, those of the largest weight first") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  const CandidateSetRow told = candidate_set(run, 100, 17);
  ledger.add(told);
  const std::vector<CandidateSetSummary> history = LedgerReader::open(folder.file("l")).candidate_history(run, 17);
  REQUIRE(history.size() == 1);
  const CandidateSetSummary& set = history[0];
  CHECK(set.run == run);
  CHECK(set.updates == 100);
  CHECK(set.pair == 17);
  CHECK(set.source == told.source);
  CHECK(set.reference == told.reference);
  CHECK(set.objective == "mrt");
  CHECK(set.reward == "bleu");
  CHECK(set.value == told.value);
  CHECK(set.entropy == told.entropy);
  CHECK(set.top1 == told.top1);
  CHECK(set.unique_share == told.unique_share);
  CHECK(set.effective_size == told.effective_size);
  REQUIRE(set.candidates.size() == 3);
  CHECK(set.candidates[0].k == 2);
  CHECK(set.candidates[1].k == 3);
  CHECK(set.candidates[2].k == 1);
  for (const CandidateSummary& candidate : set.candidates) {
    const CandidateRow& row = told.candidates[static_cast<std::size_t>(candidate.k - 1)];
    CHECK(candidate.kind == row.kind);
    CHECK(candidate.text == row.text);
    CHECK(candidate.tokens == row.tokens);
    CHECK(candidate.log_prob == row.log_prob);
    CHECK(candidate.q == row.q);
    CHECK(candidate.reward == row.reward);
    CHECK(candidate.baseline == row.baseline);
    CHECK(candidate.weight == row.weight);
    CHECK(candidate.duplicate == row.duplicate);
  }
}

TEST_CASE("A set of the same run, update and pair replaces the first, with all its candidates") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  const RunId other = ledger.begin_run({.command = "train"});
  ledger.add(candidate_set(run, 100, 17));
  ledger.add(candidate_set(run, 100, 18));
  ledger.add(candidate_set(other, 100, 17));
  CandidateSetRow again = candidate_set(run, 100, 17);
  again.value = 0.5;
  again.candidates.resize(1);
  ledger.add(again);
  Sql sql(folder.file("l"));
  CHECK(sql.column("SELECT run || ':' || pair || ':' || value FROM candidate_set ORDER BY run, pair") ==
        std::vector<std::string>{"1:17:0.5", "1:18:0.625", "2:17:0.625"});
  CHECK(sql.column("SELECT count(*) FROM candidates GROUP BY run, pair ORDER BY run, pair") ==
        std::vector<std::string>{"1", "3", "3"});
  CHECK(sql.integer("SELECT count(*) FROM candidate") == 7);
}

TEST_CASE("Numbers of sequence-level training that are not finite are NULL") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  const double none = std::nan("");
  const double endless = std::numeric_limits<double>::infinity();
  CandidateSetRow row = candidate_set(run, 1, 1);
  row.value = row.entropy = none;
  row.top1 = row.effective_size = endless;
  row.candidates = {{.log_prob = -endless, .q = none, .reward = none, .baseline = endless, .weight = none}};
  ledger.add(row);
  ledger.add(TrainLogRow{.run = run, .updates = 1, .sequence_loss = none, .reward = -endless, .entropy = 1.5});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const CandidateSetSummary set = reader.candidate_history().at(0);
  CHECK_FALSE((set.value || set.entropy || set.top1 || set.effective_size));
  CHECK(set.unique_share == row.unique_share);
  const CandidateSummary& candidate = set.candidates.at(0);
  CHECK_FALSE((candidate.log_prob || candidate.q || candidate.reward || candidate.baseline || candidate.weight));
  const LogPoint point = reader.training_log(run).at(0);
  CHECK_FALSE((point.sequence_loss || point.reward));
  CHECK(point.entropy == 1.5);
}

TEST_CASE("The training log and the learning curve have the figures of sequence-level training") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = isthmus::test::small_ledger(ledger);
  ledger.add(TrainLogRow{.run = made.train,
                         .updates = 400,
                         .objective = "mrt",
                         .sequence_loss = 0.5,
                         .reward = 0.25,
                         .entropy = 1.5,
                         .top1 = 0.75,
                         .unique_share = 0.875,
                         .effective_size = 3,
                         .candidates_per_s = 40});
  for (const char* metric : {"loss", "bleu"}) {
    const bool scores_text = metric == std::string("bleu");
    ledger.add(ValidationRow{.run = made.train,
                             .updates = 400,
                             .corpus = CorpusId(1),
                             .metric = metric,
                             .value = 3,
                             .length_ratio = scores_text ? std::optional(0.96875) : std::nullopt});
  }
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<LogPoint> log = reader.training_log(made.train);
  REQUIRE(log.size() == 4);
  CHECK_FALSE(log[2].sequence_loss);
  CHECK(log[3].sequence_loss == 0.5);
  CHECK(log[3].reward == 0.25);
  CHECK(log[3].entropy == 1.5);
  CHECK(log[3].top1 == 0.75);
  CHECK(log[3].unique_share == 0.875);
  CHECK(log[3].effective_size == 3);
  CHECK(log[3].candidates_per_s == 40);
  const std::vector<CurvePoint> curve = reader.learning_curve(made.train);
  REQUIRE(curve.size() == 4);
  CHECK_FALSE(curve[2].length_ratio);
  CHECK(curve[3].length_ratio == 0.96875);
}

TEST_CASE("Without a run and a pair, the newest run with candidates and its pair with the most updates are meant") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const RunId old = ledger.begin_run({.command = "train"});
  CHECK(reader.candidate_history().empty());
  CHECK(reader.candidate_pairs().empty());
  for (const std::int64_t pair : {9, 5}) ledger.add(candidate_set(old, 100, pair));
  CHECK(reader.candidate_history().at(0).pair == 5);  // of equals the lowest

  const RunId newer = ledger.begin_run({.command = "train"});
  ledger.begin_run({.command = "train"});  // has none
  ledger.add(candidate_set(newer, 300, 5));
  ledger.add(candidate_set(newer, 300, 7));
  ledger.add(candidate_set(newer, 200, 7));
  const std::vector<CandidateSetSummary> history = reader.candidate_history();
  CHECK(updates_of(history) == std::vector<std::int64_t>{200, 300});
  CHECK(history.at(0).run == newer);
  CHECK(history.at(0).pair == 7);
  CHECK(updates_of(reader.candidate_history(std::nullopt, 5)) == std::vector<std::int64_t>{300});
  CHECK(reader.candidate_history(old).at(0).updates == 100);
  CHECK(reader.candidate_history(old, 7).empty());
  CHECK(reader.candidate_history(RunId(3)).empty());
  const std::vector<CandidatePair> pairs = reader.candidate_pairs();
  REQUIRE(pairs.size() == 2);
  CHECK((pairs[0].run == newer && pairs[0].pair == 7 && pairs[0].updates == 2));
  CHECK((pairs[1].pair == 5 && pairs[1].updates == 1));
}

TEST_CASE("A resumed run goes on with the candidates of the run before, up to where it was resumed") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId killed = ledger.begin_run({.command = "train"});
  for (const std::int64_t updates : {100, 200, 300}) ledger.add(candidate_set(killed, updates, 17));
  const RunId resumed = ledger.begin_run({.command = "train", .parent = killed, .resumed_at = 200});
  ledger.add(candidate_set(resumed, 300, 17));
  ledger.add(candidate_set(resumed, 400, 17));
  const RunId started_from = ledger.begin_run({.command = "train", .parent = resumed});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(updates_of(reader.candidate_history(killed)) == std::vector<std::int64_t>{100, 200, 300});
  const std::vector<CandidateSetSummary> history = reader.candidate_history();
  CHECK(updates_of(history) == std::vector<std::int64_t>{100, 200, 300, 400});
  CHECK(history.at(0).run == resumed);
  CHECK(reader.candidate_history(started_from).empty());
}

TEST_CASE("A set without candidates is kept") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  CandidateSetRow row = candidate_set(ledger.begin_run({.command = "train"}), 1, 1);
  row.candidates.clear();
  ledger.add(row);
  const auto history = LedgerReader::open(folder.file("l")).candidate_history();
  REQUIRE(history.size() == 1);
  CHECK(history[0].candidates.empty());
  CHECK(Sql(folder.file("l")).integer("SELECT count(*) FROM candidates") == 0);
}
