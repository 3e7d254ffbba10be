#include "corpora/english.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("a and an go by sound") {
  for (const char* word :
       {"apple", "egg", "umbrella", "hour", "honest", "heir", "uninteresting", "MP3", "X-ray", "18", "8"}) {
    INFO(word);
    CHECK(indefinite_article(word) == "an");
  }
  for (const char* word :
       {"pear", "university", "uniform", "European", "one-way", "useful", "house", "USB", "10", "yellow"}) {
    INFO(word);
    CHECK(indefinite_article(word) == "a");
  }
}

TEST_CASE("plurals") {
  EnglishIrregulars irregulars;
  irregulars.add_plural("child", "children");
  irregulars.add_plural("fish", "fish");
  const std::vector<std::pair<std::string, std::string>> table = {{"apple", "apples"},
                                                                  {"bus", "buses"},
                                                                  {"box", "boxes"},
                                                                  {"watch", "watches"},
                                                                  {"dish", "dishes"},
                                                                  {"city", "cities"},
                                                                  {"boy", "boys"},
                                                                  {"photo", "photos"},
                                                                  {"child", "children"},
                                                                  {"fish", "fish"},
                                                                  {"peach", "peaches"},
                                                                  {"bus stop", "bus stops"},
                                                                  {"poor child", "poor children"},
                                                                  {"key ring", "key rings"}};
  for (const auto& [singular, plural] : table) CHECK(irregulars.plural(singular) == plural);
}

TEST_CASE("verb forms") {
  EnglishIrregulars irregulars;
  irregulars.add_verb("eat", {"ate", "eaten", ""});
  irregulars.add_verb("run", {"ran", "run", ""});
  irregulars.add_verb("begin", {"began", "begun", "beginning"});
  struct Row {
    std::string base, present, past, participle, gerund;
  };
  const std::vector<Row> table = {{"walk", "walks", "walked", "walked", "walking"},
                                  {"dance", "dances", "danced", "danced", "dancing"},
                                  {"study", "studies", "studied", "studied", "studying"},
                                  {"play", "plays", "played", "played", "playing"},
                                  {"stop", "stops", "stopped", "stopped", "stopping"},
                                  {"visit", "visits", "visited", "visited", "visiting"},
                                  {"fix", "fixes", "fixed", "fixed", "fixing"},
                                  {"snow", "snows", "snowed", "snowed", "snowing"},
                                  {"rain", "rains", "rained", "rained", "raining"},
                                  {"watch", "watches", "watched", "watched", "watching"},
                                  {"eat", "eats", "ate", "eaten", "eating"},
                                  {"run", "runs", "ran", "run", "running"},
                                  {"begin", "begins", "began", "begun", "beginning"},
                                  {"tie", "ties", "tied", "tied", "tying"},
                                  {"agree", "agrees", "agreed", "agreed", "agreeing"}};
  for (const Row& row : table) {
    INFO(row.base);
    CHECK(irregulars.verb(row.base, EnglishForm::kPresent, Agreement::kThird) == row.present);
    CHECK(irregulars.verb(row.base, EnglishForm::kPresent, Agreement::kFirst) == row.base);
    CHECK(irregulars.verb(row.base, EnglishForm::kPresent, Agreement::kPlural) == row.base);
    CHECK(irregulars.verb(row.base, EnglishForm::kPast, Agreement::kThird) == row.past);
    CHECK(irregulars.verb(row.base, EnglishForm::kParticiple, Agreement::kThird) == row.participle);
    CHECK(irregulars.verb(row.base, EnglishForm::kGerund, Agreement::kThird) == row.gerund);
    CHECK(irregulars.verb(row.base, EnglishForm::kBase, Agreement::kThird) == row.base);
  }
}

TEST_CASE("be, have, do and go need no list") {
  const EnglishIrregulars none;
  CHECK(none.verb("be", EnglishForm::kPresent, Agreement::kFirst) == "am");
  CHECK(none.verb("be", EnglishForm::kPresent, Agreement::kThird) == "is");
  CHECK(none.verb("be", EnglishForm::kPresent, Agreement::kPlural) == "are");
  CHECK(none.verb("be", EnglishForm::kPast, Agreement::kFirst) == "was");
  CHECK(none.verb("be", EnglishForm::kPast, Agreement::kPlural) == "were");
  CHECK(none.verb("be", EnglishForm::kGerund, Agreement::kThird) == "being");
  CHECK(none.verb("have", EnglishForm::kPresent, Agreement::kThird) == "has");
  CHECK(none.verb("do", EnglishForm::kPresent, Agreement::kThird) == "does");
  CHECK(none.verb("go", EnglishForm::kPresent, Agreement::kThird) == "goes");
}

TEST_CASE("a finished sentence has its articles, single spaces and a capital") {
  CHECK(finish_english("i saw a(n) apple and a(n) uniform.") == "I saw an apple and a uniform.");
  CHECK(finish_english(" take  a(n)  hour ") == "Take an hour");
  CHECK(finish_english("").empty());
}
