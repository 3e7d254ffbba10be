#include "cli/recorded_model.h"

#include "cli/analyze_command.h"
#include "cli/average_command.h"
#include "cli/encode_command.h"
#include "cli/evaluate_command.h"
#include "core/hash.h"
#include "tests/cli/standard_output.h"
#include "tests/cli/trained_folder.h"

using namespace isthmus;
using isthmus::test::Sql;
using isthmus::test::TrainedFolder;

namespace {

void run(int (*command)(cli::Arguments), const std::vector<std::string>& arguments) {
  test::standard_output_of([&] { return command(arguments); }, "/dev/null");
}

std::string hash_of(const std::string& path) { return hash128_hex(read_file(path)); }

}  // namespace

TEST_CASE("Numbers of a provenance, of an average those of its latest part") {
  CHECK(cli::provenance_number(R"({"updates": 7})", "updates") == 7);
  CHECK(cli::provenance_number(R"({"average-of": [{"updates": 7}, {"average-of": [{"updates": 9}]}, 3]})", "updates") ==
        9);
  CHECK_FALSE(cli::provenance_number(R"({"updates": "7"})", "updates"));
  CHECK_FALSE(cli::provenance_number("[1]", "updates"));
  CHECK_FALSE(cli::provenance_number("not json", "updates"));
}

TEST_CASE("Commands note the model that they read, which leads back to its training") {
  const TrainedFolder folder;
  const std::string model = folder.file("m.isthmus"), ledger = folder.file("ledger"), source = folder.file("text.de");
  run(cli::run_evaluate,
      {"--model", model, "--source", source, "--reference", folder.file("text.xx"), "--beam", "1", "--ledger", ledger});
  run(cli::run_encode, {model, "--input", source, "--ledger", ledger});
  Sql sql(ledger);
  CHECK(sql.column("SELECT command || ' ' || model FROM runs ORDER BY run") ==
        std::vector<std::string>{"train " + model, "evaluate " + model, "encode " + model});
  CHECK(sql.column("SELECT DISTINCT hash FROM artifact WHERE kind = 'model'") ==
        std::vector<std::string>{hash_of(model)});
  CHECK(sql.integer("SELECT model_run FROM decodes") == 1);
  // A snapshot of the same update is the same file.
  CHECK(sql.text("SELECT model FROM decodes") == model);
  CHECK(sql.column("SELECT DISTINCT model_run FROM contexts") == std::vector<std::string>{"1"});
}

TEST_CASE("A ledger that never saw the training has what the model file says of it") {
  const TrainedFolder folder;
  const std::string model = folder.file("m.isthmus"), ledger = folder.file("another"), source = folder.file("text.de");
  Sql trained(folder.file("ledger"));
  const std::int64_t updates = trained.integer("SELECT updates FROM checkpoint WHERE is_best");
  SECTION("evaluate") {
    run(cli::run_evaluate, {"--model", model, "--source", source, "--reference", folder.file("text.xx"), "--beam", "1",
                            "--ledger", ledger});
    CHECK(Sql(ledger).is_null("SELECT model_run FROM decodes"));
    CHECK(Sql(ledger).integer("SELECT updates FROM scores") == updates);
  }
  SECTION("analyze") {
    run(cli::run_analyze, {"length", model, "--source", source, "--reference", folder.file("text.xx"), "--beam", "1",
                           "--resamples", "10", "--ledger", ledger});
    CHECK(Sql(ledger).is_null("SELECT model_run FROM studies"));
    CHECK(Sql(ledger).integer("SELECT updates FROM studies") == updates);
  }
  SECTION("encode") {
    run(cli::run_encode, {model, "--input", source, "--ledger", ledger});
    CHECK(Sql(ledger).is_null("SELECT model_run FROM contexts"));
    CHECK(Sql(ledger).integer("SELECT updates FROM contexts") == updates);
  }
  Sql sql(ledger);
  CHECK(sql.text("SELECT model FROM runs") == model);
  CHECK(sql.integer("SELECT updates FROM models") == updates);
  CHECK(sql.integer("SELECT target_tokens FROM models") ==
        trained.integer("SELECT target_tokens FROM checkpoint WHERE is_best"));
  CHECK(sql.text("SELECT selected_by FROM models") == "bleu");
  CHECK(sql.number("SELECT validation_score FROM models") ==
        Approx(trained.number("SELECT value FROM validation WHERE metric = 'bleu' AND updates = " +
                              std::to_string(updates))));
}

TEST_CASE("average notes what the mean is of") {
  const TrainedFolder folder;
  const std::string model = folder.file("m.isthmus"), mean = folder.file("mean.isthmus"),
                    ledger = folder.file("ledger");
  run(cli::run_average, {model, model, "--output", mean, "--ledger", ledger});
  Sql sql(ledger);
  CHECK(sql.text("SELECT model FROM runs WHERE command = 'average'") == mean);
  CHECK(sql.integer("SELECT parent_run FROM runs WHERE command = 'average'") == 1);
  CHECK(sql.text("SELECT hash FROM artifact WHERE kind = 'averaged'") == hash_of(model));
  CHECK(sql.integer("SELECT updates FROM models WHERE model_run = 2") ==
        sql.integer("SELECT updates FROM checkpoint WHERE run = 1 AND is_best"));
  run(cli::run_evaluate, {"--model", mean, "--source", folder.file("text.de"), "--reference", folder.file("text.xx"),
                          "--beam", "1", "--ledger", ledger});
  CHECK(sql.integer("SELECT model_run FROM decodes") == 2);
  // Without a ledger there is none.
  run(cli::run_average, {model, "--output", folder.file("other.isthmus"), "--ledger", ""});
  CHECK(sql.integer("SELECT count(*) FROM run") == 3);
}
