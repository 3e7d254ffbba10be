#include "report/candidates.h"

#include <nlohmann/json.hpp>

#include "core/utf8.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::candidate_set;
using isthmus::test::TemporaryFolder;
using Json = nlohmann::json;

TEST_CASE("Candidates are shown by update, with the sentence above and the largest weight first") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  ledger.add(candidate_set(run, 2000, 17));
  CandidateSetRow early = candidate_set(run, 100, 17);
  early.candidates.pop_back();
  early.candidates[0].weight = -30;
  early.candidates[1].weight = 20;
  early.effective_size = std::nan("");
  ledger.add(early);
  ledger.add(candidate_set(run, 100, 4));
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<Table> tables = candidates_tables(reader, std::nullopt, std::nullopt);
  CHECK(render(tables, ReportFormat::kText, 80) ==
        "Candidates of pair 17 in run 1, reward bleu\n"
        "  side       text\n"
        "  source     ein Hund läuft nach Hause\n"
        "  reference  a dog runs home\n"
        "--pair shows another of this run's: 4\n"
        "\n"
        "Update 100: mrt 0.6250, entropy 0.75, unique 2/2\n"
        "  weight      Q  reward  baseline  log P  kind       text\n"
        "   20.00  0.500   1.000     0.375  -4.00  reference  a dog runs home\n"
        "  -30.00  0.500   0.250     0.375  -2.50  sample     a dog walks\n"
        "\n"
        "Update 2,000: mrt 0.6250, entropy 0.75, unique 2/3, effective size 1.50\n"
        "    weight      Q  reward  baseline  log P  kind       text\n"
        "   0.00125  0.500   1.000     0.375  -4.00  reference  a dog runs home\n"
        "   0.00000          0.250            -2.50  sample *   a dog walks\n"
        "  -0.00125  0.500   0.250     0.375  -2.50  sample     a dog walks\n"
        "* A duplicate of another candidate.\n");
}

TEST_CASE("Every format has the candidates, and machines have all their figures") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  CandidateSetRow row = candidate_set(run, 100, 17);
  row.entropy = std::nan("");
  ledger.add(row);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<Table> tables = candidates_tables(reader, run, 17);
  CHECK_THAT(render(tables, ReportFormat::kMarkdown),
             Catch::Contains("| source | ein Hund läuft nach Hause |") &&
                 Catch::Contains("| weight | Q | reward | baseline | log P | kind | text |") &&
                 Catch::Contains("| 0.00125 | 0.500 | 1.000 | 0.375 | -4.00 | reference | a dog runs home |"));
  CHECK_THAT(render(tables, ReportFormat::kCsv),
             Catch::StartsWith("run,pair,side,text\n1,17,source,ein Hund läuft nach Hause\n") &&
                 Catch::Contains("run,updates,pair,objective,reward_name,value,entropy,top1,unique_share,"
                                 "effective_size,k,weight,q,reward,baseline,log_prob,tokens,kind,duplicate,text\n") &&
                 Catch::Contains("1,100,17,mrt,bleu,0.625,,0.5,0.6666666666666666,1.5,3,0,,0.25,,-2.5,4,sample,1,"
                                 "a dog walks\n"));
  const Json parsed = Json::parse(render(tables, ReportFormat::kJson));
  CHECK(parsed["candidate_pair"][1]["side"] == "reference");
  REQUIRE(parsed["candidates"].size() == 3);
  CHECK(parsed["candidates"][0]["k"] == 2);
  CHECK(parsed["candidates"][0]["baseline"] == 0.375);
  CHECK(parsed["candidates"][0]["entropy"].is_null());
  CHECK(parsed["candidates"][1]["kind"] == "sample");
  CHECK(parsed["candidates"][1]["duplicate"] == 1);
}

TEST_CASE("Long candidates are cut to 80 columns, in the terminal alone") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  CandidateSetRow row = candidate_set(ledger.begin_run({.command = "train"}), 1'234'567, 29'000);
  std::string words;
  for (int i = 0; i < 40; ++i) words += "über 日本 ";
  row.source = row.reference = row.candidates[0].text = words;
  ledger.add(row);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<Table> tables = candidates_tables(reader, std::nullopt, std::nullopt);
  const std::string printed = render(tables, ReportFormat::kText, 80);
  for (std::size_t at = 0; at < printed.size(); at = printed.find('\n', at) + 1) {
    const std::string line = printed.substr(at, printed.find('\n', at) - at);
    INFO(line);
    CHECK(display_width(line) <= 80);
  }
  CHECK_THAT(printed, Catch::Contains("…") && !Catch::Contains("Left out"));
  CHECK_THAT(render(tables, ReportFormat::kMarkdown), Catch::Contains(words));
}

TEST_CASE("Without candidates the report says what writes them, or which pairs have some") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const RunId run = ledger.begin_run({.command = "train"});
  const RunId bare = ledger.begin_run({.command = "train"});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<Table> none = candidates_tables(reader, std::nullopt, std::nullopt);
  CHECK_THAT(render(none, ReportFormat::kText), Catch::Contains("(none)") &&
                                                    Catch::Contains("isthmus train --objective mrt") &&
                                                    Catch::Contains("--ledger"));
  CHECK(Json::parse(render(none, ReportFormat::kJson))["candidates"].empty());

  for (std::int64_t pair = 1; pair <= 12; ++pair) ledger.add(candidate_set(run, 100, pair));
  CHECK_THAT(render(candidates_tables(reader, run, 99), ReportFormat::kText),
             Catch::Contains("Candidates of pair 99 in run 1") &&
                 Catch::Contains("Run 1 has candidates of other pairs: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …\n"));
  CHECK_THAT(render(candidates_tables(reader, bare, 1), ReportFormat::kText), Catch::Contains("--objective mrt"));
}
