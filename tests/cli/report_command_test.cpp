#include "cli/report_command.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/file.h"
#include "tests/catch.h"
#include "tests/cli/standard_output.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::TemporaryFolder;

namespace {

/// What the command prints on standard output.
std::string report(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
  return test::standard_output_of([&] { return cli::run_report(arguments); }, folder.file("stdout"));
}

}  // namespace

TEST_CASE("report prints runs, scores and studies; of one run also its curve and lengths") {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    Ledger ledger = Ledger::open(path);
    const auto made = small_ledger(ledger);
    ledger.add(AnalysisRow{.run = made.evaluate,
                           .kind = "length",
                           .checkpoint = made.checkpoint,
                           .corpus = made.test,
                           .verdict = "BLEU falls."},
               std::vector{measurements_of(
                   std::vector<LengthQualityRow>{{.metric = "bleu", .from = 1, .to = 5, .sentences = 4}})},
               {});
  }
  CHECK_THAT(report(folder, {"--ledger", path}),
             Catch::Contains("Runs\n") && Catch::Contains("beam 5") &&
                 Catch::Contains("Study 1, length of model.isthmus (run 1) on test") && Catch::Contains("BLEU falls."));
  CHECK_THAT(report(folder, {"--ledger", path, "--run", "1"}),
             Catch::Contains("Learning curve of run 1") && Catch::Contains("BLEU by words of the source"));
  CHECK_THAT(report(folder, {"cells", "--ledger", path, "--format", "markdown"}),
             Catch::StartsWith("### Cells: BLEU (") && Catch::Contains("| 1 | lstm |"));
  CHECK_THAT(report(folder, {"runs", "--ledger", path, "--format", "csv"}), Catch::StartsWith("run,command,"));
  const auto json = nlohmann::json::parse(report(folder, {"--ledger", path, "--format", "json"}));
  CHECK(json.at("runs").size() == 2);
  CHECK(json.at("scores").at(0).at("metric") == "bleu");
}

TEST_CASE("report says what is wrong") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger::open(path);
  CHECK_THROWS_WITH(report(folder, {"--ledger", folder.file("absent")}), Catch::Contains("no such ledger"));
  CHECK_THROWS_WITH(report(folder, {"--ledger", path, "--run", "4"}), Catch::Contains("no run 4"));
  CHECK_THROWS_AS(report(folder, {"everything", "--ledger", path}), UsageError);
  CHECK_THAT(report(folder, {"--ledger", path}), Catch::Contains("(none)"));
}

TEST_CASE("report candidates shows one sentence of a run, by default the one with the most updates") {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    Ledger ledger = Ledger::open(path);
    const RunId run = small_ledger(ledger).train;
    ledger.add(test::candidate_set(run, 100, 4));
    ledger.add(test::candidate_set(run, 100, 17));
    ledger.add(test::candidate_set(run, 200, 17));
  }
  CHECK_THAT(report(folder, {"candidates", "--ledger", path}),
             Catch::StartsWith("Candidates of pair 17 in run 1, reward bleu\n") && Catch::Contains("Update 100: mrt") &&
                 Catch::Contains("Update 200: mrt"));
  CHECK_THAT(report(folder, {"candidates", "--ledger", path, "--run", "1", "--pair", "4"}),
             Catch::StartsWith("Candidates of pair 4 in run 1, reward bleu\n") && !Catch::Contains("Update 200"));
  CHECK_THAT(report(folder, {"candidates", "--ledger", path, "--run", "2"}), Catch::Contains("train --objective mrt"));
  CHECK_THAT(report(folder, {"candidates", "--ledger", path, "--format", "csv"}),
             Catch::StartsWith("run,pair,side,text\n"));
  CHECK_THAT(report(folder, {"candidates", "--ledger", path, "--format", "markdown"}),
             Catch::StartsWith("### Candidates of pair 17 in run 1, reward bleu\n"));
  const auto json = nlohmann::json::parse(report(folder, {"candidates", "--ledger", path, "--format", "json"}));
  CHECK(json.at("candidates").size() == 6);
  CHECK_THAT(report(folder, {"runs", "candidates", "--ledger", path, "--pair", "4"}),
             Catch::StartsWith("Runs\n") && Catch::Contains("Candidates of pair 4"));
}

TEST_CASE("report refuses --pair where no candidates are asked for, and pairs below 1") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger::open(path);
  CHECK_THROWS_AS(report(folder, {"scores", "--ledger", path, "--pair", "4"}), UsageError);
  CHECK_THROWS_WITH(report(folder, {"--ledger", path, "--pair", "4"}),
                    Catch::Contains("--pair is for candidates alone"));
  CHECK_THROWS_AS(report(folder, {"candidates", "--ledger", path, "--pair", "0"}), UsageError);
  CHECK_THROWS_WITH(report(folder, {"candidates", "--ledger", path, "--pair", "0"}), Catch::Contains("at least 1"));
}

TEST_CASE("report --html writes one page of all parts, or of those that are named, the same for the same ledger") {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    Ledger ledger = Ledger::open(path);
    small_ledger(ledger);
  }
  const std::string before = read_file(path);
  const std::string page = folder.file("page.html");
  CHECK(report(folder, {"--ledger", path, "--html", page}).empty());
  const std::string html = read_file(page);
  CHECK_THAT(html, Catch::StartsWith("<!doctype html>") && Catch::Contains("\"id\":\"sentences\"") &&
                       Catch::Contains("\"id\":\"curve\"") && Catch::Contains("eine Katze") &&
                       Catch::Contains("Isthmus: ledger.sqlite") && !Catch::Contains(path));
  CHECK(report(folder, {"--ledger", path, "--html", "-"}) == html);
  CHECK_THAT(report(folder, {"scores", "--ledger", path, "--html", "-"}),
             Catch::Contains("\"id\":\"scores\"") && !Catch::Contains("eine Katze"));
  CHECK_THAT(report(folder, {"sentences", "--ledger", path, "--html", "-", "--sentences", "1"}),
             Catch::Contains("ein Hund") && !Catch::Contains("eine Katze"));
  CHECK_THAT(report(folder, {"--ledger", path, "--html", "-", "--run", "1"}), Catch::Contains("What run 1 did"));
  CHECK(read_file(path) == before);
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK_FALSE(std::filesystem::exists(path + "-shm"));
}

TEST_CASE("report --html refuses what does not go with it, and the ledger as its page") {
  const TemporaryFolder folder;
  const std::string path = folder.file("l");
  Ledger::open(path);
  CHECK_THROWS_WITH(report(folder, {"--ledger", path, "--html", path}),
                    Catch::Contains("would be written over the ledger; give another file to --html"));
  CHECK_THROWS_WITH(report(folder, {"--ledger", path, "--html", path + "-wal"}), Catch::Contains("over the ledger"));
  CHECK_THROWS_AS(report(folder, {"--ledger", path, "--html", "p", "--format", "csv"}), UsageError);
  CHECK_THROWS_AS(report(folder, {"--ledger", path, "--html", ""}), UsageError);
  CHECK_THROWS_AS(report(folder, {"--ledger", path, "--sentences", "5"}), UsageError);
  CHECK_THROWS_AS(report(folder, {"--ledger", path, "--html", "p", "--sentences", "0"}), UsageError);
  CHECK_THROWS_WITH(report(folder, {"sentences", "--ledger", path}), Catch::Contains("on the page alone"));
  CHECK_THROWS_AS(report(folder, {"--ledger", path, "--html", folder.file("absent/page.html")}), InputError);
}
