#include "evaluation/score_table.h"

#include <algorithm>

#include "tests/catch.h"

using namespace isthmus;

namespace {

ScoreTable table() {
  return {.title = "A_title",
          .columns = "lrp",
          .rows = {{"who", "BLEU", "text"}, {"a|b", "1.50", "one two three four five six"}}};
}

}  // namespace

TEST_CASE("a table in text wraps its sentences to the terminal") {
  CHECK(format_table(table(), ScoreFormat::kText) ==
        "A_title\n"
        "who  BLEU  text\n"
        "a|b  1.50  one two three four five six\n");
  CHECK(format_table(table(), ScoreFormat::kText, 31) ==
        "A_title\n"
        "who  BLEU  text\n"
        "a|b  1.50  one two three four\n"
        "           five six\n");
}

TEST_CASE("wide characters count twice where a sentence is wrapped") {
  ScoreTable korean{.columns = "p", .rows = {{"문장"}, {"가나다라 마바사아 자차카타"}}};
  CHECK(format_table(korean, ScoreFormat::kText, 20) == "문장\n가나다라 마바사아\n자차카타\n");
}

TEST_CASE("Markdown and LaTeX escape what they would take for markup") {
  CHECK(format_table(table(), ScoreFormat::kMarkdown) ==
        "**A\\_title**\n\n"
        "| who | BLEU | text |\n"
        "| --- | ---: | --- |\n"
        "| a\\|b | 1.50 | one two three four five six |\n");
  CHECK_THAT(format_table(table(), ScoreFormat::kLatex),
             Catch::StartsWith("% A_title\n\\begin{tabular}{lrp{.6\\linewidth}}\n") &&
                 Catch::Contains("a\\textbar{}b & 1.50 & one two"));
}

TEST_CASE("a cell cannot play with the terminal") {
  const ScoreTable hostile{.columns = "lp", .rows = {{"x", "y"}, {"a\x1b[2J\n", "b\tc \xff"}}};
  const std::string text = format_table(hostile, ScoreFormat::kText);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK_THAT(text, Catch::Contains("b c \xEF\xBF\xBD"));
}
