#include "cli/translate_prompt.h"

#include "tests/catch.h"
#include "tests/decode/copying_model.h"

namespace isthmus::cli {
namespace {

using Catch::Matchers::Contains;
using isthmus::testing::copying_model;

struct Fixture {
  Translator translator{copying_model(), {}, {.batch = 1, .threads = 1, .max_source_length = 60}};
  TranslateDialogue dialogue{translator};
};

TEST_CASE("a sentence is answered by its translation, an empty line by nothing") {
  Fixture fixture;
  CHECK(fixture.dialogue.answer("abc def").data == "abc def\n");
  CHECK(fixture.dialogue.answer(" :beam").data == " :beam\n");
  for (const std::string blank : {"", "  "}) {
    const Answer answer = fixture.dialogue.answer(blank);
    CHECK(answer.data.empty());
    CHECK(answer.talk.empty());
    CHECK_FALSE(answer.quit);
  }
}

TEST_CASE("commands change the search") {
  Fixture fixture;
  CHECK_THAT(fixture.dialogue.answer(":beam 8").talk, Contains("beam 8, nbest 1"));
  CHECK_THAT(fixture.dialogue.answer(":nbest 3 ").talk, Contains("beam 8, nbest 3"));
  const std::string three = fixture.dialogue.answer("abc").data;
  CHECK(std::count(three.begin(), three.end(), '\n') == 3);
  CHECK_THAT(fixture.dialogue.answer(":nbest 10").talk, Contains("beam 10, nbest 10"));
  CHECK_THAT(fixture.dialogue.answer(":beam 2").talk, Contains("beam 2, nbest 2"));
  CHECK_THAT(fixture.dialogue.answer(":length-penalty 0.6").talk, Contains("length penalty 0.6"));
  CHECK(fixture.translator.search_options().length_penalty == 0.6);
}

TEST_CASE("scores show each piece") {
  Fixture fixture;
  CHECK_THAT(fixture.dialogue.answer(":scores").talk, Contains("scores on"));
  const std::string scored = fixture.dialogue.answer("ab").data;
  CHECK_THAT(scored, Contains("ab\n") && Contains("score -") && Contains("stopped by end") && Contains("  b -") &&
                         Contains("  </s> -"));
  CHECK_THAT(fixture.dialogue.answer(":scores").talk, Contains("scores off"));
  CHECK(fixture.dialogue.answer("ab").data == "ab\n");
}

TEST_CASE("what is no command changes nothing and says so") {
  Fixture fixture;
  for (const std::string line : {":beam", ":beam x", ":beam 0", ":beam 1001", ":nbest -1", ":length-penalty nan",
                                 ":length-penalty -1", ":sing", ":", ":beam 3x"}) {
    const Answer answer = fixture.dialogue.answer(line);
    CHECK(answer.data.empty());
    CHECK_FALSE(answer.talk.empty());
    CHECK_FALSE(answer.quit);
  }
  CHECK(fixture.translator.search_options().beam == SearchOptions{}.beam);
  CHECK_THAT(fixture.dialogue.answer(":help").talk, Contains(":length-penalty A") && Contains("beam 5"));
}

TEST_CASE("quit quits") {
  Fixture fixture;
  for (const std::string line : {":quit", ":q", ":exit"}) CHECK(fixture.dialogue.answer(line).quit);
}

}  // namespace
}  // namespace isthmus::cli
