#include "cli/report_command.h"

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
               std::vector<LengthQualityRow>{{.metric = "bleu", .from = 1, .to = 5, .sentences = 4}}, {});
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
