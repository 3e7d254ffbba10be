// TER on sentences whose edits can be counted by hand. tests/evaluation/sacrebleu_test.cpp compares it with sacreBLEU.
#include "evaluation/ter.h"

#include <string>
#include <vector>

#include "evaluation/text.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

std::int64_t edits(const std::string& hypothesis, const std::string& reference) {
  const std::vector<std::string_view> one = split_words(hypothesis), other = split_words(reference);
  return translation_edits(one, other);
}

double ter(const std::string& hypothesis, const std::vector<std::string>& references, const TerOptions& options = {}) {
  return corpus_ter(std::vector{hypothesis}, std::vector<References>{references}, options);
}

}  // namespace

TEST_CASE("Edits are insertions, deletions and substitutions") {
  CHECK(edits("a b c", "a b c") == 0);
  CHECK(edits("a b c d", "a b c") == 1);
  CHECK(edits("a c", "a b c") == 1);
  CHECK(edits("a x c", "a b c") == 1);
  CHECK(edits("", "a b c") == 3);
  CHECK(edits("a b", "") == 2);
  CHECK(edits("", "") == 0);
}

TEST_CASE("A block that stands elsewhere is one edit") {
  CHECK(edits("b c d a", "a b c d") == 1);
  CHECK(edits("today the train is late", "the train is late today") == 1);
  CHECK(edits("d e f a b c", "a b c d e f") == 1);
  CHECK(edits("x d e a b c", "a b c d e x") == 2);
}

TEST_CASE("The score is edits for each word of the mean reference, against the nearest one") {
  CHECK(ter("a b c d", {"a b c x"}) == Approx(25));
  CHECK(ter("a b c d", {"x y", "a b c d e f"}) == Approx(100.0 * 2 / 4));
  CHECK(ter("a b", {""}) == 100);
  CHECK(ter("", {""}) == 0);
}

TEST_CASE("Case and punctuation count as the options say") {
  CHECK(ter("Yes, sir", {"yes, sir"}) == 0);
  CHECK(ter("Yes, sir", {"yes, sir"}, {.case_sensitive = true}) == Approx(50));
  CHECK(ter("yes sir", {"yes, sir"}) == Approx(50));
  CHECK(ter("yes sir", {"yes, sir"}, {.no_punctuation = true}) == 0);
  CHECK(tokenize_tercom("It's 3,000 &lt;b&gt; (or so).", {.normalized = true}) == "it 's 3,000 < b > ( or so ) .");
  CHECK(tokenize_tercom("東京へ。", {.normalized = true, .asian_support = true}) == "東 京 へ 。");
}

TEST_CASE("Long and hostile lines take little memory and end") {
  std::string one, other;
  for (int i = 0; i < 3000; ++i) {
    one += std::to_string(i % 17) + " ";
    other += std::to_string(i % 13) + " ";
  }
  CHECK(edits(one, other) > 300);
  CHECK(edits(std::string(20001, 'a'), other) == 3000);
  CHECK(ter("\xff\xfe \x80", {"\xff\xfe \x80"}) == 0);
}
