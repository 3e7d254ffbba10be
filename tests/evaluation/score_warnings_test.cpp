#include "evaluation/score_warnings.h"

#include "core/error.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

std::vector<std::string> numbered(int lines, const std::string& text) {
  std::vector<std::string> result;
  for (int i = 0; i < lines; ++i)
    result.push_back("Sentence w" + std::to_string(i) + " x" + std::to_string(7 * i) + text);
  return result;
}

std::vector<std::string> warnings(const std::vector<std::string>& hypotheses,
                                  const std::vector<std::string>& references, const BleuOptions& options = {}) {
  const std::vector<References> single = single_references(references);
  return bleu_warnings(hypotheses, single, options, corpus_bleu(hypotheses, single, options));
}

}  // namespace

TEST_CASE("sound text draws no warning") {
  CHECK(warnings(numbered(200, " ends well."), numbered(200, " ended well.")).empty());
  CHECK(warnings({"Il vient ?", "Non !"}, {"Vient-il ?", "Non !"}).empty());
  CHECK(warnings(numbered(20, "이 옵니다."), numbered(20, "이 왔습니다.")).empty());
}

TEST_CASE("tokenised hypotheses draw a warning, unless the tokenizer is none") {
  const auto found = warnings(numbered(20, " ends badly ."), numbered(20, " ends badly."));
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0], Catch::Contains("20 of 20 hypotheses") && Catch::Contains("tokenised"));
  CHECK(warnings(numbered(20, " ends badly ."), numbered(20, " ends badly ."), {.tokenize = MetricTokenizer::kNone})
            .empty());
  CHECK_THAT(warnings(numbered(20, " fine."), numbered(20, " not ."))[0], Catch::Contains("20 of 20 references"));
}

TEST_CASE("pieces draw a warning") {
  CHECK_THAT(warnings(numbered(20, " en@@ ds."), numbered(20, " ends."))[0], Catch::Contains("subword pieces"));
  CHECK_THAT(warnings(numbered(20, " ▁ends ."), numbered(20, " ends."))[0], Catch::Contains("subword pieces"));
}

TEST_CASE("Chinese and Japanese need a tokenizer of their own") {
  const std::vector<std::string> chinese = {"我们明天去图书馆。", "他还没有吃饭。"};
  const std::vector<std::string> japanese = {"明日、図書館へ行きます。", "まだ食べていません。"};
  CHECK_THAT(warnings(chinese, chinese)[0], Catch::Contains("--tokenize zh"));
  CHECK_THAT(warnings(japanese, japanese)[0], Catch::Contains("--tokenize char"));
  CHECK(warnings(chinese, chinese, {.tokenize = MetricTokenizer::kZh}).empty());
  CHECK(warnings(japanese, japanese, {.tokenize = MetricTokenizer::kChar}).empty());
}

TEST_CASE("short hypotheses draw a warning") {
  CHECK_THAT(warnings({"a b c d e"}, {"a b c d e f"})[0], Catch::Contains("0.83 of the references' length"));
  CHECK(warnings({"a b c d e f g h i"}, {"a b c d e f g h i j"}).empty());  // .9
}

TEST_CASE("the line where two files part is found") {
  const std::vector<std::string> references = numbered(60, " is here.");
  const auto without = [&](std::size_t first, std::size_t count) {
    std::vector<std::string> lines = references;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first),
                lines.begin() + static_cast<std::ptrdiff_t>(first + count));
    for (std::string& line : lines) line += " More or less";  // as a translation is like its reference
    return lines;
  };
  CHECK(first_shifted_line(without(37, 1), references) == 37);
  CHECK(first_shifted_line(references, without(37, 1)) == 37);
  CHECK(first_shifted_line(without(0, 3), references) == 0);
  CHECK(first_shifted_line(without(50, 10), references) == 50);
  CHECK(first_shifted_line({}, references) == 0);

  CHECK_NOTHROW(check_same_length({"h", references}, {"r", references}));
  CHECK_THROWS_WITH(check_same_length({"h", without(37, 1)}, {"r", references}),
                    Catch::Contains("r:38: ") && Catch::Contains("'h' has 59 lines but 'r' has 60"));
  CHECK_THROWS_WITH(check_same_length({"h", without(50, 10)}, {"r", references}),
                    Catch::Contains("r:51: ") && Catch::Contains("'h' seems to lack its end"));
}

TEST_CASE("TER warns of scripts without spaces, unless it cuts them") {
  const std::vector<References> japanese(8, References{"今日は電車が遅れています。"});
  CHECK_THAT(ter_warnings(japanese, {}).at(0), Catch::Contains("look Japanese") && Catch::Contains("--ter-normalized"));
  CHECK(ter_warnings(japanese, {.normalized = true, .asian_support = true}).empty());
  CHECK(ter_warnings(std::vector<References>(8, References{"The train is late."}), {}).empty());
}
