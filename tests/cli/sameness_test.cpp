// The same seed, data and options give the same files, byte for byte, whatever the number of threads.
#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/cli/training_process.h"

namespace isthmus::test {
namespace {

TEST_CASE("any number of threads gives the same model, snapshots and state, byte for byte", "[slow]") {
  const std::string cell = GENERATE("lstm", "gru", "rnn");
  const int shards = GENERATE(1, 2, 3, 8);
  // 16 sentences a batch, and a last one of 8 in each epoch of 13: shards of unlike sizes, and some without a sentence.
  const std::string options = fmt::format(
      "--cell {} --shards {} --layers 2 --bidirectional --hidden 24 --dropout 0.2 --recurrent-dropout 0.1 "
      "--tokenizer unigram --sampling-alpha 0.3 --average-decay 0.9 --validate-every 7 --keep-last 2 --max-updates 30",
      cell, shards);
  std::map<std::string, std::string> expected;
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(cell, shards, threads);
    const TrainingFolder folder;
    REQUIRE(folder.run(fmt::format("{} --threads {}", options, threads)) == 0);
    auto results = folder.results();
    results.erase("m.isthmus.config");  // names the number of threads
    REQUIRE(results.contains("m.isthmus"));
    REQUIRE(results.contains("m.isthmus.state"));
    if (threads == 1) expected = results;
    CHECK(differences(results, expected) == "");
  }
  const TrainingFolder other;
  REQUIRE(other.run(options + " --seed 2") == 0);
  CHECK(other.read("m.isthmus") != expected["m.isthmus"]);
}

}  // namespace
}  // namespace isthmus::test
