#include "evaluation/length_bins.h"

#include "evaluation/bleu.h"
#include "evaluation/chrf.h"
#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("sentences fall into the bins of their lengths") {
  std::vector<BleuStatistics> statistics(6);
  for (std::size_t i = 0; i < statistics.size(); ++i) statistics[i].hypothesis_length = std::int64_t{1} << i;
  const std::vector<std::int64_t> lengths = {0, 10, 11, 20, 21, 1000};
  const std::vector<std::int64_t> edges = {10, 20};
  const auto bins = bins_by_length<BleuStatistics>(statistics, lengths, edges);
  REQUIRE(bins.size() == 3);
  CHECK(bins[0].label() == "0-10");
  CHECK(bins[1].label() == "11-20");
  CHECK(bins[2].label() == "21+");
  CHECK(bins[0].sentences == 2);
  CHECK(bins[0].statistics.hypothesis_length == 1 + 2);
  CHECK(bins[1].statistics.hypothesis_length == 4 + 8);
  CHECK(bins[2].statistics.hypothesis_length == 16 + 32);
}

TEST_CASE("without edges there is one bin with everything") {
  const std::vector<std::string> texts = {"a b c d", "e f g h i j"};
  const auto statistics = chrf_statistics(texts, single_references(texts), {});
  const auto bins = bins_by_length<ChrfStatistics>(statistics, std::vector<std::int64_t>{4, 6}, {});
  REQUIRE(bins.size() == 1);
  CHECK(bins[0].label() == "0+");
  CHECK(bins[0].sentences == 2);
  CHECK(chrf_score(bins[0].statistics, {}) == Approx(100));
}

TEST_CASE("a bin may be empty, or one length wide") {
  const auto bins = bins_by_length<BleuStatistics>({}, {}, std::vector<std::int64_t>{4, 5});
  REQUIRE(bins.size() == 3);
  CHECK(bins[1].label() == "5");
  CHECK(bins[1].sentences == 0);
  CHECK(bleu_score(bins[1].statistics, {}).score == 0);
}
