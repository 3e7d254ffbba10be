// docs/ledger.md: its queries run, and it names every table, view and column.
#include <fstream>
#include <regex>
#include <sstream>

#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

std::string documentation() {
  std::ifstream file(ISTHMUS_SOURCE_DIR "/docs/ledger.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What stands in the blocks of code of that language.
std::vector<std::string> blocks(const std::string& text, const std::string& language) {
  std::vector<std::string> found;
  const std::string open = "\n```" + language + "\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find("\n```", at);
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

std::vector<std::string> queries(const std::string& text) {
  std::vector<std::string> found;
  const std::regex one_liner("sqlite3 (?:-[a-z]+ )+ledger\\.sqlite \"([^\"]+)\"");
  for (const std::string& block : blocks(text, "sh")) {
    for (std::sregex_iterator match(block.begin(), block.end(), one_liner); match != std::sregex_iterator(); ++match) {
      found.push_back((*match)[1]);
    }
  }
  for (const std::string& block : blocks(text, "sql")) {
    std::istringstream statements(block);
    for (std::string statement; std::getline(statements, statement, ';');) {
      if (statement.find_first_not_of(" \n") != std::string::npos) found.push_back(statement);
    }
  }
  return found;
}

/// Two training runs, candidates of the first, two decodes of one corpus and a study.
void fill(Ledger& ledger) {
  const auto made = small_ledger(ledger, "lstm");
  for (const std::int64_t updates : {100, 200}) ledger.add(isthmus::test::candidate_set(made.train, updates, 17));
  ledger.add(DecodeRow{.run = made.evaluate, .corpus = made.test},
             isthmus::test::rows_of(isthmus::test::SmallCorpus().references));
  ledger.add(ComparisonRow{.scoring = ScoringId(1), .baseline = ScoringId(1), .test = "bootstrap"});
  small_ledger(ledger, "gru");
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "length", .corpus = made.test},
             std::vector{measurements_of(
                 std::vector<LengthQualityRow>{{.metric = "bleu", .from = 1, .to = 5, .sentences = 4}})},
             std::vector<FindingRow>{{.name = "half_length", .unit = "words"}});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "gradients", .checkpoint = made.checkpoint, .corpus = made.test},
             std::vector<MeasurementRows>{{"gradient_norm",
                                           {"quantity", "weights", "direction", "distance", "sentences"},
                                           {{"state", "trained", "forward", std::int64_t{1}, std::int64_t{4}}}}},
             std::vector<FindingRow>{});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "reconstruction", .corpus = made.test},
             std::vector<MeasurementRows>{
                 {"reconstruction_accuracy",
                  {"scope", "contexts", "from_number", "to_number", "sentences", "pieces"},
                  {{"position", "own", std::int64_t{1}, std::int64_t{1}, std::int64_t{4}, std::int64_t{4}}}}},
             std::vector<FindingRow>{});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "length-units", .corpus = made.test},
             std::vector<MeasurementRows>{
                 {"length_unit", {"side", "variant", "units"}, {{"encoder", "trained", std::int64_t{1}}}},
                 {"length_unit_value",
                  {"side", "line", "step", "number"},
                  {{"decoder", std::int64_t{1}, std::int64_t{1}, std::int64_t{1}}}}},
             std::vector<FindingRow>{});
}

}  // namespace

TEST_CASE("The queries of docs/ledger.md run and find something") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("ledger.sqlite"));
  fill(ledger);
  Sql sql(folder.file("ledger.sqlite"));
  const std::vector<std::string> all = queries(documentation());
  REQUIRE(all.size() >= 18);
  for (const std::string& query : all) {
    INFO(query);
    std::size_t rows = 0;
    REQUIRE_NOTHROW(rows = sql.rows(query));
    const bool selects = query.find("SELECT") != std::string::npos && query.find("DELETE") == std::string::npos;
    if (selects) CHECK(rows > 0);
  }
}

TEST_CASE("The formula of docs/ledger.md gives the BLEU of the view") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  fill(ledger);
  Sql sql(folder.file("l"));
  for (std::string query : queries(documentation())) {
    const std::string condition = "AND sentence.source LIKE '%e%'";
    const std::size_t at = query.find(condition);
    if (at == std::string::npos) continue;
    query.erase(at, condition.size());
    CHECK(sql.number("SELECT bleu FROM bleu WHERE scoring = 1") > 0);
    CHECK(sql.number(query) == Approx(sql.number("SELECT bleu FROM bleu WHERE scoring = 1")).epsilon(1e-12));
    return;
  }
  FAIL("the formula is gone");
}

TEST_CASE("docs/ledger.md names every table, view and column") {
  const TemporaryFolder folder;
  Ledger::open(folder.file("l"));
  Sql sql(folder.file("l"));
  const std::string text = documentation();
  std::vector<std::string> names =
      sql.column("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'");
  CHECK(names.size() >= 42);
  for (const std::string& name : names) {
    INFO(name);
    const std::size_t at = text.find("\n| `" + name + "`");
    if (name == "bleu_scores") {  // described together with bleu_sums
      CHECK(text.find("`bleu_scores`") != std::string::npos);
      continue;
    }
    REQUIRE(at != std::string::npos);
    if (name == "bleu_sums") continue;
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    for (const std::string& column : sql.column("SELECT name FROM pragma_table_info('" + name + "')")) {
      const bool numbered = std::isdigit(static_cast<unsigned char>(column.back())) && column.back() > '1' &&
                            column.back() < '4';  // "match1 … match4"
      if (column == "id" || numbered) continue;
      INFO(column);
      CHECK(line.find("`" + column + "`") != std::string::npos);
    }
  }
}
