#include "cli/translate_prompt.h"

#include <csignal>
#include <cstdlib>

#include "cli/line_editor.h"
#include "cli/prompt_commands.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "tests/catch.h"
#include "tests/decode/copying_model.h"

namespace isthmus::cli {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
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
                                 ":length-penalty -1", ":sing", ":", ":beam 3x", ":scores on", ":quit now"}) {
    INFO(line);
    const Answer answer = fixture.dialogue.answer(line);
    CHECK(answer.data.empty());
    CHECK_FALSE(answer.talk.empty());
    CHECK_FALSE(answer.quit);
  }
  CHECK(fixture.translator.search_options().beam == SearchOptions{}.beam);
  CHECK_THAT(fixture.dialogue.answer(":help").talk,
             Contains(":length-penalty A") && Contains("beam 5") && Contains("scores off"));
}

TEST_CASE("a wrong command is told what it needs, or which one is nearest") {
  Fixture fixture;
  const auto talk = [&](const std::string& line) { return fixture.dialogue.answer(line).talk; };
  CHECK(talk(":beam x") == ":beam needs a whole number from 1 to 1000, not 'x'; for example :beam 8\n");
  CHECK(talk(":nbest") == ":nbest needs a whole number from 1 to 1000, and got nothing; for example :nbest 8\n");
  CHECK_THAT(talk(":length-penalty -1"), Contains("from 0 to 10, not '-1'"));
  CHECK(talk(":scorse") == ":scorse is not a command; did you mean :scores? :help lists them\n");
  CHECK(talk(":xylophone") == ":xylophone is not a command; :help lists them\n");
  CHECK_THAT(talk(":scores off"), Contains(":scores takes nothing behind it, but got 'off'"));
}

TEST_CASE("a beam and a list that do not fit say what became of the other") {
  Fixture fixture;
  CHECK_THAT(fixture.dialogue.answer(":nbest 9").talk, StartsWith("9 translations need a beam of 9; beam 9, nbest 9"));
  CHECK_THAT(fixture.dialogue.answer(":beam 4").talk,
             StartsWith("a beam of 4 finds no more than 4 translations; beam 4, nbest 4"));
  CHECK_THAT(fixture.dialogue.answer(":beam 6").talk, StartsWith("beam 6, nbest 4"));
}

TEST_CASE("commands are completed") {
  const auto inserted = [](std::string_view before) { return complete_prompt(before).insert; };
  const auto choices = [](std::string_view before) { return complete_prompt(before).choices; };
  CHECK(inserted(":b") == "eam ");
  CHECK(inserted(":beam") == " ");
  CHECK(inserted(":sc") == "ores");
  CHECK(inserted(":q") == "uit");
  CHECK(inserted(":").empty());
  CHECK(choices(":") ==
        std::vector<std::string>{":beam N", ":help", ":length-penalty A", ":nbest N", ":quit", ":scores"});
  for (const std::string_view nothing : {":z", ":beam ", ":beam 8", ":scores", ""}) {
    INFO(nothing);
    CHECK(inserted(nothing).empty());
    CHECK(choices(nothing).empty());
  }
}

TEST_CASE("in a sentence, Tab is a space, but not a second one") {
  CHECK(complete_prompt("a word").insert == " ");
  CHECK(complete_prompt("a word ").insert.empty());
  CHECK(complete_prompt(" :b").insert == " ");
  CHECK(complete_prompt("a").choices.empty());
}

TEST_CASE("an interrupt stops a search in the midst of a sentence") {
  TranslationModel model = copying_model();
  const auto size = static_cast<TokenId>(model.target.size());
  int steps = 0;
  model.new_step_model = [&steps, size] {
    return std::make_unique<isthmus::testing::TableModel>(
        size, [&steps, size](const Sentence& source, const Sentence& prefix) {
          if (++steps == 3) std::raise(SIGINT);
          return isthmus::testing::copying(size)(source, prefix);
        });
  };
  Translator translator(std::move(model), {.beam = 1}, {.batch = 1, .threads = 1});
  const InterruptScope scope;
  CHECK_THROWS_AS(translator.translate(std::vector<std::string>{"abcdefghijklmnopqrstuvwxyz"}, {"f", 1}), Interrupted);
  CHECK(steps == 3);
  CHECK(interrupt_signal() == SIGINT);
  clear_interrupt();
  CHECK(translator.translate(std::vector<std::string>{"abc"}, {"f", 1})[0].text() == "abc");
}

TEST_CASE("the history's place is what the environment says, and an empty one is none") {
  const auto set = [](const char* name, const char* value) {
    return value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  };
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  set("ISTHMUS_HISTORY", nullptr);
  set("XDG_STATE_HOME", "/somewhere");
  CHECK(history_file() == "/somewhere/isthmus/history");
  set("XDG_STATE_HOME", "not/absolute");
  set("HOME", "/home/someone");
  CHECK(history_file() == "/home/someone/.local/state/isthmus/history");
  set("ISTHMUS_HISTORY", "/elsewhere");
  CHECK(history_file() == "/elsewhere");
  set("ISTHMUS_HISTORY", "");
  CHECK(history_file().empty());
  set("ISTHMUS_HISTORY", nullptr);
  set("HOME", "");
  CHECK(history_file().empty());
  set("HOME", home.c_str());
  set("XDG_STATE_HOME", nullptr);
}

TEST_CASE("quit quits") {
  Fixture fixture;
  for (const std::string line : {":quit", ":q", ":exit"}) CHECK(fixture.dialogue.answer(line).quit);
}

}  // namespace
}  // namespace isthmus::cli
