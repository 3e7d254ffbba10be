#include "corpora/stats.h"

#include <string>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {

using Catch::Matchers::Contains;
using testing::TemporaryFolder;

TEST_CASE("Counts of a small corpus") {
  TemporaryFolder folder;
  const CorpusStats stats = corpus_stats({.source = folder.write("a.en", "The cat, the dog.\n\nDog\n"),
                                          .target = folder.write("a.ko", "고양이와 개\n빈\n개!\n")});
  CHECK(stats.source.lines == 3);
  CHECK(stats.source.empty == 1);
  CHECK(stats.source.bytes == 20);
  CHECK(stats.source.characters == 20);
  CHECK(stats.source.words == 5);
  CHECK(stats.source.vocabulary == 5);  // The cat the dog Dog
  CHECK(stats.source.once == 5);
  CHECK(stats.source.longest_line == 1);
  CHECK(stats.source.words_quantile(0.5) == 1);
  CHECK(stats.source.words_quantile(1) == 4);
  CHECK(stats.source.words_mean() == Approx(5 / 3.0));
  CHECK(stats.target.characters == 9);
  CHECK(stats.target.words == 4);
  CHECK(stats.target.vocabulary == 3);  // 고양이와 개 빈
  CHECK(stats.target.once == 2);
  CHECK(stats.target.type_token_ratio() == Approx(0.75));
  REQUIRE(stats.ratios.size() == 2);
  CHECK(stats.ratio_quantile(0) == Approx(1.5));
  CHECK(stats.ratio_quantile(1) == Approx(17 / 6.0));
  CHECK_THAT(to_text(stats), Contains("a.en") && Contains("a.ko") && Contains("vocabulary"));
}

TEST_CASE("An empty corpus and hostile lines have statistics too") {
  TemporaryFolder folder;
  const CorpusStats none = corpus_stats({.source = folder.write("e", ""), .target = ""});
  CHECK(none.source.lines == 0);
  CHECK(none.source.words_quantile(0.5) == 0);
  CHECK(none.ratio_quantile(0.5) == 0);
  CHECK_FALSE(to_text(none).empty());
  const CorpusStats odd = corpus_stats({.source = folder.write("o", "\xff\xfe \"...\"\t\x80\n"), .target = ""});
  CHECK(odd.source.words == 2);
  CHECK(odd.source.vocabulary == 1);
  CHECK_FALSE(to_text(odd).empty());
  CHECK_THROWS_AS(corpus_stats({.source = folder.path("e"), .target = folder.path("o")}), InputError);
}

}  // namespace isthmus
