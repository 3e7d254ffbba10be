#include "evaluation/length_buckets.h"

#include "tests/catch.h"

using namespace isthmus;

namespace {

std::string words(int count, const std::string& word) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + word + std::to_string(i);
  return text;
}

}  // namespace

TEST_CASE("a bucket's BLEU is the corpus BLEU of its sentences") {
  const std::vector<References> references = {
      {words(4, "a")}, {words(5, "b"), "short"}, {words(6, "c")}, {words(70, "d")}};
  const std::vector<NamedLines> systems = {
      {"x", {words(4, "a"), words(5, "b") + " more", words(5, "c"), words(70, "d")}},
      {"y", {words(3, "a"), "nothing of it", words(6, "c") + " and so on", words(60, "d")}}};
  std::vector<std::vector<BleuStatistics>> statistics;
  for (const NamedLines& system : systems) statistics.push_back(bleu_statistics(system.lines, references, {}));
  const auto buckets = length_buckets(numbered_corpus(systems, references, {}), statistics, {});
  REQUIRE(buckets.size() == 3);  // those between 11 and 60 words are empty
  CHECK(buckets[0].label == "0-5");
  CHECK(buckets[0].sentences == 2);
  CHECK(buckets[1].label == "6-10");
  CHECK(buckets[2].label == "61+");
  for (std::size_t s = 0; s < systems.size(); ++s) {
    const auto corpus = [&](std::size_t begin, std::size_t count) {
      return corpus_bleu(std::span(systems[s].lines).subspan(begin, count),
                         std::span(references).subspan(begin, count));
    };
    CHECK(buckets[0].systems[s].score == corpus(0, 2).score);
    CHECK(buckets[1].systems[s].score == corpus(2, 1).score);
    CHECK(buckets[2].systems[s].length_ratio() == corpus(3, 1).length_ratio());
  }
}
