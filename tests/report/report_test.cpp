#include "report/report.h"

#include <nlohmann/json.hpp>

#include "core/progress.h"
#include "core/utf8.h"
#include "report/studies/study_view.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::TemporaryFolder;
using Json = nlohmann::json;

namespace {

std::string print(const Table& table, ReportFormat format = ReportFormat::kText) {
  return render(std::span(&table, 1), format);
}

}  // namespace

TEST_CASE("A long table is cut for people, who are told, and whole for machines") {
  Table table{.key = "t", .title = "Many", .columns = {{.key = "n", .title = "n"}}, .most_rows = 2};
  for (std::int64_t n = 1; n <= 5; ++n) table.rows.push_back({n});
  CHECK(print(table) == "Many\n  n\n  1\n  2\n3 rows follow in JSON and CSV.\n");
  CHECK_THAT(print(table, ReportFormat::kMarkdown), !Catch::Contains("| 3 |"));
  CHECK(Json::parse(print(table, ReportFormat::kJson))["t"].size() == 5);
  CHECK(print(table, ReportFormat::kCsv) == "n\n1\n2\n3\n4\n5\n");
  table.most_rows = 5;
  CHECK_THAT(print(table), Catch::EndsWith("  5\n"));
}

TEST_CASE("Text is aligned by what a terminal shows: numbers right, words left, wide characters as two") {
  const Table table{
      .title = "Things",
      .columns = {{.key = "n", .title = "n"}, {.key = "name", .title = "name"}, {.key = "x", .title = "x"}},
      .rows = {{std::int64_t{1234567}, std::string("한국어"), 1.5},
               {std::int64_t{-42}, std::string("é"), Cell()},
               {Cell(), std::string("plain"), 10.0}},
      .notes = {"A note."}};
  CHECK(print(table) ==
        "Things\n"
        "          n  name        x\n"
        "  1,234,567  한국어   1.50\n"
        "        -42  é\n"
        "             plain   10.00\n"
        "A note.\n");
  CHECK(print({.title = "Nothing", .columns = {{.key = "n", .title = "n"}}}) == "Nothing\n  n\n  (none)\n");
}

TEST_CASE("Bars are for the terminal, the largest at full length") {
  const Table table{.title = "t",
                    .columns = {{.key = "v", .title = "v"}, {.key = "b", .is_bar = true}},
                    .rows = {{10.0, 10.0}, {5.0, 5.0}, {0.0, Cell()}}};
  const std::string text = print(table);
  CHECK(text.find("10.00  " + bar_text(1, 30) + "\n") != std::string::npos);
  CHECK(text.find(" 5.00  " + bar_text(1, 15) + "\n") != std::string::npos);
  CHECK(print(table, ReportFormat::kCsv) == "v\n10\n5\n0\n");
  CHECK(print(table, ReportFormat::kMarkdown).find("█") == std::string::npos);
}

TEST_CASE("What cells hold cannot break out of a format") {
  const std::string hostile = "a|b,\"c\"\n<script>\x1b[31m\xff`";
  const Table table{.key = "k", .title = "t", .columns = {{.key = "c", .title = "c"}}, .rows = {{hostile}}};
  const std::string text = print(table);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  const std::string markdown = print(table, ReportFormat::kMarkdown);
  CHECK(markdown.find("a\\|b") != std::string::npos);
  CHECK(markdown.find("\\<script\\>") != std::string::npos);
  CHECK(print(table, ReportFormat::kCsv).starts_with("c\n\"a|b,\"\"c\"\"\n<script>"));
  const Json parsed = Json::parse(print(table, ReportFormat::kJson));
  CHECK(parsed["k"][0]["c"] == "a|b,\"c\"\n<script>\x1b[31m\xef\xbf\xbd`");
}

TEST_CASE("Numbers that are none are null in JSON") {
  const Table table{.key = "k",
                    .title = "t",
                    .columns = {{.key = "a"}, {.key = "b"}, {.key = "people", .audience = Audience::kPeople}},
                    .rows = {{std::nan(""), Cell(), 1.0}}};
  const Json parsed = Json::parse(print(table, ReportFormat::kJson));
  CHECK(parsed["k"][0]["a"].is_null());
  CHECK(parsed["k"][0]["b"].is_null());
  CHECK_FALSE(parsed["k"][0].contains("people"));
}

TEST_CASE("The report of a ledger has its runs, scores, curve, lengths and cells") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto lstm = small_ledger(ledger, "lstm");
  small_ledger(ledger, "gru");
  const RunId killed = ledger.begin_run({.command = "train", .seed = 12345});
  ledger.add(TrainLogRow{.run = killed, .updates = 10, .loss = 7.25, .learning_rate = 0.5});
  LedgerReader reader = LedgerReader::open(folder.file("l"));

  const std::string runs = print(runs_table(reader.runs()));
  CHECK_THAT(runs, Catch::Contains("early stopping") && Catch::Contains("11,350,000") && Catch::Contains("running") &&
                       Catch::Contains("12345"));

  const std::vector<Table> scores = scores_tables(reader.scores());
  REQUIRE(scores.size() == 1);
  CHECK(scores[0].rows.size() == 2);
  CHECK_THAT(scores[0].title, Catch::Contains("BLEU (") && Catch::Contains("tok:13a"));
  CHECK_THAT(print(scores[0]), Catch::Contains("beam 5") && Catch::Contains("10.00 – 70.00"));
  CHECK(scores_tables(reader.scores(lstm.train))[0].rows.size() == 1);

  const Table curve = curve_table(reader, lstm.train);
  REQUIRE(curve.rows.size() == 3);
  CHECK_THAT(print(curve), Catch::Contains("20.00  40.00  *"));
  CHECK(curve_table(reader, killed).key == "training_log");
  CHECK_THAT(print(curve_table(reader, killed)), Catch::Contains("7.250"));

  const std::vector<Table> lengths = bleu_by_length_tables(reader.bleu_by_length(lstm.evaluate));
  REQUIRE(lengths.size() == 1);
  CHECK(lengths[0].rows.size() == 2);
  CHECK_THAT(print(lengths[0]), Catch::Contains("1–5") && Catch::Contains("6–10"));

  const std::vector<Table> cells = cells_tables(reader.cells());
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].rows.size() == 2);
  CHECK(cells[1].title == "Cells, not scored yet");
  const Json parsed = Json::parse(render(cells, ReportFormat::kJson));
  REQUIRE(parsed["cells"].size() == 3);
  CHECK(parsed["cells"][1]["cell"] == "gru");
  CHECK(parsed["cells"][0]["peak_memory_mb"] == 600.0);
  CHECK(parsed["cells"][0]["low"] == 10.0);
  CHECK(parsed["cells"][2]["bleu"].is_null());
}

TEST_CASE("Scores of different signatures are never in one table") {
  std::vector<ScoreSummary> scores(3);
  scores[0] = {.run = RunId(1), .corpus = "test", .metric = "bleu", .value = 30, .signature = "tok:13a"};
  scores[1] = {.run = RunId(2), .corpus = "test", .metric = "bleu", .value = 40, .signature = "tok:char"};
  scores[2] = {.run = RunId(3), .corpus = "test", .metric = "bleu", .value = 31, .signature = "tok:13a"};
  const std::vector<Table> tables = scores_tables(scores);
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].rows.size() == 2);
  CHECK(tables[1].rows.size() == 1);
  CHECK(Json::parse(render(tables, ReportFormat::kJson))["scores"].size() == 3);
}

TEST_CASE("A model from elsewhere is told from those that runs of the ledger trained") {
  std::vector<ScoreSummary> scores(3);
  scores[0] = {
      .run = RunId(2), .model_run = 1, .model = "a", .updates = 300, .corpus = "test", .metric = "bleu", .value = 30};
  scores[1] = {.run = RunId(3), .model = "b", .updates = 8649, .corpus = "test", .metric = "bleu", .value = 31};
  scores[2] = {.run = RunId(4), .model = "c", .updates = 0, .corpus = "test", .metric = "bleu", .value = 32};
  const std::vector<Table> tables = scores_tables(scores);
  REQUIRE(tables.size() == 1);
  CHECK_THAT(print(tables[0]), Catch::Contains("  2  run 1 ") && Catch::Contains("  3  elsewhere, 8,649 updates ") &&
                                   Catch::Contains("  4  elsewhere  ") &&
                                   Catch::Contains("elsewhere: no run of this ledger trained the model"));
  CHECK(tables[0].notes.size() == 1);
  const Json parsed = Json::parse(render(tables, ReportFormat::kJson));
  CHECK(parsed["scores"][0]["model_run"] == 1);
  CHECK(parsed["scores"][1]["model_run"].is_null());
  CHECK(parsed["scores"][1]["model_updates"] == 8649);
  CHECK(title_of({.kind = "length", .model_run = 1, .model = "x/m.isthmus", .updates = 3, .corpus = "test"}) ==
        "length of m.isthmus (run 1) on test");
  CHECK(title_of({.kind = "length", .model = "m.isthmus", .updates = 1, .corpus = "test"}) ==
        "length of m.isthmus (trained elsewhere, 1 update) on test");
}

TEST_CASE("A length study marks thin bins, and gives one sentence no interval") {
  const double none = std::nan("");
  std::vector<LengthQualityRow> rows{
      {.metric = "bleu", .from = 1, .to = 5, .sentences = 30, .mean_length = 3, .quality = {40, 35, 45}},
      {.metric = "bleu",
       .from = 6,
       .to = 10,
       .sentences = 1,
       .mean_length = 8,
       .quality = {20, none, none},
       .thin = true}};
  const std::vector<Table> tables = length_study_tables(AnalysisId(7), rows);
  CHECK_THAT(print(tables[0]), Catch::Contains("  6–10 *          1  20.00") &&
                                   Catch::Contains("* Fewer sentences than") &&
                                   Catch::Contains("One sentence alone has no interval.") && !Catch::Contains("nan"));
  CHECK_THAT(print(tables[0]), Catch::Contains("  1–5            30  40.00  35.00 – 45.00"));
  CHECK_THAT(print(tables[0], ReportFormat::kMarkdown),
             Catch::Contains("| 6–10 \\* | 1 | 20.00 |  |") && Catch::Contains("\\* Fewer"));
  const Json parsed = Json::parse(render(tables, ReportFormat::kJson));
  CHECK(parsed["quality_by_length"][1]["thin"] == 1);
  CHECK(parsed["quality_by_length"][1]["bleu_low"].is_null());
  rows.pop_back();
  CHECK(length_study_tables(AnalysisId(7), rows)[0].notes.empty());
}

TEST_CASE("A length study shows its bins and what is up to a length, and any study its findings") {
  const std::vector<LengthQualityRow> rows{
      {.metric = "bleu", .from = 1, .to = 5, .sentences = 30, .mean_length = 3, .quality = {40, 35, 45}},
      {.metric = "bleu", .from = 6, .to = 10, .sentences = 20, .mean_length = 8, .quality = {20, 15, 25}},
      {.metric = "bleu",
       .cumulative = true,
       .from = 1,
       .to = 10,
       .sentences = 50,
       .mean_length = 5,
       .quality = {28, 24, 32}},
      {.metric = "chrf", .from = 1, .to = 5, .sentences = 30, .mean_length = 3, .quality = {60, 55, 65}},
      {.metric = "chrf", .from = 6, .to = 10, .sentences = 20, .mean_length = 8, .quality = {50, 45, 55}},
      {.metric = "chrf",
       .cumulative = true,
       .from = 1,
       .to = 10,
       .sentences = 50,
       .mean_length = 5,
       .quality = {55, 54, 56}}};
  const std::vector<FindingRow> findings{{.name = "half_length", .unit = "words"}};
  std::vector<Table> tables = length_study_tables(AnalysisId(7), rows);
  tables.push_back(findings_table(AnalysisId(7), findings));
  const std::string text = render(tables, ReportFormat::kText);
  CHECK_THAT(text, Catch::Contains("6–10") && Catch::Contains("15.00 – 25.00") && Catch::Contains("≤ 10") &&
                       Catch::Contains("  " + bar_text(1, 15) + "\n"));
  const std::size_t title = text.find("BLEU");
  REQUIRE(title != std::string::npos);
  CHECK(text.substr(title + 4, text.find('\n', title) - title - 4).find("BLEU") == std::string::npos);  // the bar's
  const Json parsed = Json::parse(render(tables, ReportFormat::kJson));
  CHECK(parsed["quality_by_length"][1]["chrf_low"] == 45.0);
  CHECK(parsed["quality_up_to_length"][0]["sentences"] == 50);
  CHECK(parsed["findings"][0]["value"].is_null());
  CHECK(parsed["findings"][0]["analysis"] == 7);
}

TEST_CASE("Every table of the report fits into 80 columns, whatever the names") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger, "lstm");
  const std::vector<std::string> text{"a", "b"};
  const CorpusId corpus =
      ledger.add_corpus(made.evaluate, {.name = "test_of_the_year_2016_flickr.en.gz"}, "test", text, text);
  const CheckpointId foreign = ledger.find_or_add({.run = made.evaluate,
                                                   .updates = 1'234'567,
                                                   .path = "experiments/november/cell-lstm-large.isthmus",
                                                   .hash = "far",
                                                   .provenance_json = "{}"});
  const DecodeId decode = ledger.add(
      DecodeRow{.run = made.evaluate, .checkpoint = foreign, .corpus = corpus, .method = "beam", .beam = 12}, {});
  ledger.add(ScoringRow{
      .decode = decode, .metric = "bleu", .signature = bleu_signature({}, "1"), .value = 30, .low = 20, .high = 40});
  ledger.begin_run({.command = "analyze length", .seed = 123456789});
  LedgerReader reader = LedgerReader::open(folder.file("l"));

  std::vector<Table> tables = scores_tables(reader.scores());
  tables.push_back(runs_table(reader.runs()));
  tables.push_back(curve_table(reader, made.train));
  for (Table& table : bleu_by_length_tables(reader.bleu_by_length())) tables.push_back(std::move(table));
  for (Table& table : cells_tables(reader.cells())) tables.push_back(std::move(table));
  const std::string printed = render(tables, ReportFormat::kText, 80);
  for (std::size_t at = 0; at < printed.size(); at = printed.find('\n', at) + 1) {
    const std::string line = printed.substr(at, printed.find('\n', at) - at);
    INFO(line);
    CHECK(display_width(line) <= 80);
  }
  CHECK_THAT(printed, Catch::Contains("elsewhere") && Catch::Contains("Left out on a terminal of 80 columns"));
}

TEST_CASE("Comparisons of scores are one table, or none") {
  CHECK(comparisons_tables({}).empty());
  const ComparisonSummary one{.run = RunId(3),
                              .corpus = "test.en",
                              .metric = "bleu",
                              .model = "risk.de",
                              .value = 31.5,
                              .baseline_model = "mle.de",
                              .baseline_value = 30.25,
                              .test = "bootstrap",
                              .p = 0.0421,
                              .trials = 1000};
  const auto tables = comparisons_tables(std::span(&one, 1));
  REQUIRE(tables.size() == 1);
  CHECK_THAT(print(tables[0]),
             Catch::Contains("3  test.en  BLEU   risk.de  31.50  mle.de   30.25  bootstrap  0.0421   1,000"));
}

TEST_CASE("Text from a file was trained nowhere") {
  const ScoreSummary score{.model = "other.de", .corpus = "test.en", .method = "file", .metric = "bleu", .value = 1.0};
  const auto tables = scores_tables(std::span(&score, 1));
  CHECK(tables.at(0).notes.empty());
  CHECK_THAT(print(tables.at(0)), !Catch::Contains("elsewhere") && Catch::Contains("other.de"));
}
