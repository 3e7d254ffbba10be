#include "cli/analyze_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/encode_command.h"
#include "core/error.h"
#include "core/file.h"
#include "tests/catch.h"
#include "tests/cli/standard_output.h"
#include "tests/cli/trained_folder.h"

using namespace isthmus;
using isthmus::test::Sql;
using isthmus::test::TrainedFolder;

namespace {

/// What the command prints on standard output.
std::string analyze(const TrainedFolder& folder, const std::vector<std::string>& arguments) {
  return test::standard_output_of([&] { return cli::run_analyze(arguments); }, folder.file("stdout"));
}

}  // namespace

TEST_CASE("analyze length leads from a model to rows that lead back to its training") {
  const TrainedFolder folder;
  const std::string ledger = folder.file("ledger");
  const auto parsed =
      nlohmann::json::parse(analyze(folder, {"length", folder.file("m.isthmus"), "--source", folder.file("text.de"),
                                             "--reference", folder.file("text.xx"), "--ledger", ledger, "--beam", "2",
                                             "--nbest", "2", "--format", "json", "--min-sentences", "5"}));
  REQUIRE(parsed.at("quality_by_length").size() == 2);
  CHECK(parsed.at("quality_by_length").at(1).at("from_length") == 6);
  CHECK(parsed.at("quality_up_to_length").at(1).at("sentences") == 41);
  CHECK(parsed.at("findings").at(1).at("name") == "bleu");

  Sql sql(ledger);
  CHECK(sql.text("SELECT status FROM runs WHERE command = 'analyze length'") == "finished");
  CHECK(sql.integer("SELECT model_run FROM decodes") == 1);
  CHECK(sql.integer("SELECT model_run FROM studies") == 1);
  CHECK(sql.integer("SELECT sentences FROM decodes") == 41);
  CHECK(sql.integer("SELECT count(*) FROM hypothesis WHERE rank = 2") == 40);
  CHECK(sql.integer("SELECT count(*) FROM bleu_statistics") == 41);
  CHECK(sql.number("SELECT bleu FROM bleu") == Approx(sql.number("SELECT value FROM findings WHERE name = 'bleu'")));
  CHECK(sql.integer("SELECT count(*) FROM scores WHERE metric = 'chrf'") == 1);
  CHECK(sql.text("SELECT json_extract(params_json, '$.resamples') FROM studies") == "1000");
  // The same text is the same corpus, for training and for tests.
  CHECK(sql.integer("SELECT count(*) FROM corpus") == 1);
  CHECK(sql.column("SELECT cell || ' ' || (parameters > 0) || ' ' || (bleu >= 0) FROM cells") ==
        std::vector<std::string>{"lstm 1 1"});
}

TEST_CASE("analyze map keeps the context vectors that encode writes, in its own run") {
  const TrainedFolder folder;
  const std::string model = folder.file("m.isthmus"), ledger = folder.file("ledger"), array = folder.file("a.npy");
  const auto map = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{
        "map",  model,      "--source", folder.file("text.de"), "--reference", folder.file("text.xx"), "--ledger",
        ledger, "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nlohmann::json::parse(analyze(folder, arguments));
  };
  const auto parsed = map({"--map-sentences", "2"});
  CHECK(parsed.at("context_map").size() == 41);
  CHECK(parsed.at("context_neighbours").size() == 10);
  REQUIRE(cli::run_encode(std::vector<std::string>{model, "--input", folder.file("text.de"), "--state", "both",
                                                   "--format", "npy", "--output", array}) == 0);
  const std::string npy = read_file(array);
  const std::size_t header = 10 + static_cast<unsigned char>(npy[8]) + 256 * static_cast<unsigned char>(npy[9]);
  std::string hex;
  for (std::size_t i = header; i < npy.size(); ++i) hex += fmt::format("{:02X}", static_cast<unsigned char>(npy[i]));

  Sql sql(ledger);
  CHECK(sql.integer("SELECT count(*) FROM context WHERE length(vector) = 4 * dim AND dim = 8") == 82);
  std::string kept;
  for (const std::string& vector : sql.column("SELECT hex(vector) FROM contexts ORDER BY line, kind")) kept += vector;
  CHECK(kept == hex);
  CHECK(sql.integer("SELECT count(*) FROM context JOIN analysis USING (run) WHERE analysis.kind = 'map'") == 82);
  CHECK(sql.text("SELECT source FROM context_map WHERE line = 2") == "eins zwei");
  CHECK(sql.text("SELECT neighbour_source FROM context_neighbours WHERE line = 1 AND rank = 1") == "eins");
  map({"--map-keep=false"});
  CHECK(sql.integer("SELECT count(*) FROM context") == 82);
  CHECK_THROWS_AS(map({"--map-neighbours", "0"}), UsageError);
}

TEST_CASE("analyze rare-words, word-order, memory and cost fill their views") {
  const TrainedFolder folder;
  const std::string ledger = folder.file("ledger"), source = folder.file("text.de");
  const auto run = [&](const std::string& study, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{study,         folder.file("m.isthmus"),
                                       "--source",    source,
                                       "--reference", folder.file("text.xx"),
                                       "--ledger",    ledger,
                                       "--format",    "json",
                                       "--resamples", "20"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nlohmann::json::parse(analyze(folder, arguments));
  };
  CHECK(run("rare-words", {"--training-source", source, "--beam", "1"}).at("quality_by_rare_words").size() > 0);
  CHECK(run("word-order").at("word_order_change").size() > 5);
  CHECK(run("memory", {"--memory-distance", "3"}).at("memory_from_end").size() == 8);
  CHECK(run("cost", {"--cost-batch", "4", "--cost-repetitions", "2", "--threads", "1"}).at("time_cost").size() == 35);
  Sql sql(ledger);
  for (const char* view :
       {"quality_by_rare_words", "loss_by_word_order", "memory_by_distance", "memory_half_life", "time_by_length"}) {
    INFO(view);
    CHECK(sql.integer(std::string("SELECT count(*) FROM ") + view + " WHERE model_run = 1") > 0);
  }
  CHECK(sql.integer("SELECT max(repetitions) FROM time_by_length") == 2);
  CHECK(sql.integer("SELECT count(*) FROM studies WHERE verdict <> ''") == 4);
  CHECK_THROWS_WITH(run("rare-words", {"--training-source", folder.file("absent")}), Catch::Contains("absent"));
  CHECK_THROWS_AS(run("memory", {"--memory-distance", "0"}), UsageError);
  CHECK_THROWS_AS(run("cost", {"--cost-batch", "1"}), UsageError);
  CHECK_THROWS_AS(run("word-order", {"--word-order-sentences", "-1"}), UsageError);
}

TEST_CASE("analyze says what is wrong, and the ledger says that it failed") {
  const TrainedFolder folder;
  const std::string model = folder.file("m.isthmus"), source = folder.file("text.de"), ledger = folder.file("ledger");
  const std::vector<std::string> files{"--source", source, "--reference", folder.file("text.xx"), "--ledger", ledger};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), files.begin(), files.end());
    return arguments;
  };
  CHECK_THROWS_AS(analyze(folder, with({"width", model})), UsageError);
  CHECK_THROWS_AS(analyze(folder, with({"length"})), UsageError);
  CHECK_THROWS_AS(analyze(folder, {"length", model, "--source", source, "--ledger", ledger}), UsageError);
  write_file_atomically(folder.file("short"), "eins\n");
  CHECK_THROWS_WITH(
      analyze(folder, {"length", model, "--source", source, "--reference", folder.file("short"), "--ledger", ledger}),
      Catch::Contains("has 41 lines but") && Catch::Contains("has 1;"));
  CHECK_THROWS_AS(analyze(folder, with({"length", source})), InputError);
  Sql sql(ledger);
  CHECK_THAT(sql.text("SELECT status FROM runs ORDER BY run DESC LIMIT 1"), Catch::StartsWith("error: "));
  CHECK(sql.integer("SELECT count(*) FROM decode") == 0);
}
