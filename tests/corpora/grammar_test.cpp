#include "corpora/grammar.h"

#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

Grammar parse(const std::string& text) {
  const GrammarFile file{"test.txt", text};
  return Grammar::parse(std::span(&file, 1));
}

/// All pairs that many draws bring.
std::set<std::pair<std::string, std::string>> draws(const Grammar& grammar, int count = 300) {
  std::set<std::pair<std::string, std::string>> pairs;
  Random random(1);
  for (int i = 0; i < count; ++i) {
    if (const auto pair = grammar.sample(random)) pairs.emplace(pair->source, pair->target);
  }
  return pairs;
}

std::pair<std::string, std::string> only(const std::string& text) {
  const auto pairs = draws(parse(text));
  REQUIRE(pairs.size() == 1);
  return *pairs.begin();
}

std::string error_of(const std::string& text) {
  try {
    parse(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Pair = std::pair<std::string, std::string>;

}  // namespace

TEST_CASE("a slot is filled alike on both sides") {
  const auto pairs =
      draws(parse("[nouns fruit]\n apple | 사과\n pear | 배\n[sentences s]\n I eat {fruit:plural}. | 저는 "
                  "{fruit}을(를) 먹어요.\n"));
  CHECK(pairs == std::set<Pair>{{"I eat apples.", "저는 사과를 먹어요."}, {"I eat pears.", "저는 배를 먹어요."}});
}

TEST_CASE("two slots of a class take different words") {
  const auto pairs = draws(parse("[words w]\n x | 가\n y | 나\n[sentences s]\n {w} {w#2} | {w#2} {w}\n"));
  CHECK(pairs == std::set<Pair>{{"X y", "나 가"}, {"Y x", "가 나"}});
}

TEST_CASE("a word is used once in a sentence, however deep it sits") {
  const Grammar grammar =
      parse("[words w]\n x | 가\n y | 나\n[phrases p]\n the {w} | 그 {w}\n[sentences s]\n {w} and {p} | {w}하고 {p}\n");
  CHECK(draws(grammar) == std::set<Pair>{{"X and the y", "가하고 그 나"}, {"Y and the x", "나하고 그 가"}});
}

TEST_CASE("plurals reach nouns through phrases, and nouns without a request are singular") {
  CHECK(
      only("[irregular plurals]\nchild | children\n[nouns n]\n child | 아이\n[phrases p]\n {n} | {n}\n[sentences s]\n "
           "two {p:plural} | 아이 둘 {p}\n") == Pair{"Two children", "아이 둘 아이"});
  CHECK(only("[nouns n]\n hour | 시간\n[sentences s]\n for a(n) {n} | 한 {n}\n") == Pair{"For an hour", "한 시간"});
}

TEST_CASE("verbs take the form that the sentence asks for") {
  const std::string verbs =
      "[irregular verbs]\ngo | went | gone\n[phrases act]\n <go> home | 집에 가다\n[sentences s]\n ";
  CHECK(only(verbs + "I {act:past}. | 저는 {act}-았/었어요.") == Pair{"I went home.", "저는 집에 갔어요."});
  CHECK(only(verbs + "I am {act:ing}. | 저는 {act}-고 있어요.") == Pair{"I am going home.", "저는 집에 가고 있어요."});
  CHECK(only(verbs + "I have {act:done}. | 저는 {act}-(으)ㄴ 적이 있어요.") ==
        Pair{"I have gone home.", "저는 집에 간 적이 있어요."});
  CHECK(only(verbs + "I {act:now@I}. | {act}-아/어요.") == Pair{"I go home.", "집에 가요."});
  CHECK(only(verbs + "He {act:now@he}. | {act}-아/어요.") == Pair{"He goes home.", "집에 가요."});
}

TEST_CASE("agreement follows the slot that is named, also past another clause") {
  const std::string people =
      "[words me | agr=I]\n I | 저\n[words them | agr=they]\n they | 그들\n[phrases act]\n <be> here | 여기 있다\n";
  CHECK(only(people + "[sentences s]\n {me} {act:now@me} and {them} {act#2:now@them} | {me}은(는) {act}-고 "
                      "{them}은(는) {act#2}-아/어요\n") ==
        Pair{"I am here and they are here", "저는 여기 있고 그들은 여기 있어요"});
  CHECK(only(people + "[phrases clause]\n {them} {act@them} | {them}이(가) {act}\n[sentences s]\n {me} <know:now@me> "
                      "that {clause:past} | {me}은(는) {clause}-았/었다고 알아요\n") ==
        Pair{"I know that they were here", "저는 그들이 여기 있었다고 알아요"});
}

TEST_CASE("attributes come from the word, its section, or the phrase that holds it") {
  const auto pairs =
      draws(parse("[nouns n | c=개]\n cup | 컵\n book | 책 | c=권\n[phrases p]\n {n} | {n}\n[sentences s]\n two "
                  "{p:plural} | {p} 두 {p.c}\n"));
  CHECK(pairs == std::set<Pair>{{"Two cups", "컵 두 개"}, {"Two books", "책 두 권"}});
}

TEST_CASE("weights say how often a line is drawn") {
  const Grammar grammar = parse("[sentences s]\n a b | 가 | weight=9\n c d | 나\n");
  Random random(7);
  int heavy = 0;
  for (int i = 0; i < 10000; ++i) heavy += grammar.sample(random)->source == "A b" ? 1 : 0;
  CHECK(heavy > 8800);
  CHECK(heavy < 9200);
}

TEST_CASE("recursion ends, and sentences stay within the bounds of length") {
  const Grammar grammar =
      parse("[phrases p]\n that {p} | {p} 것 | weight=50\n it is | 그것\n[sentences s]\n see {p} | {p} 봐요\n");
  Random random(1);
  int some = 0;
  for (int i = 0; i < 500; ++i) {
    const auto pair = grammar.sample(random);
    if (!pair) continue;
    ++some;
    CHECK(count_words(pair->source) <= Grammar::kMostWords);
  }
  CHECK(some > 0);
  CHECK(draws(parse("[sentences s]\n hello | 안녕\n")).empty());
}

TEST_CASE("comments, blank lines, repeated sections and Windows line ends") {
  const auto pairs =
      draws(parse("# words\r\n[words w]\r\n x | 가\r\n\r\n[sentences s]\r\n a {w} | {w}\r\n[words w]\r\n y | 나\r\n"));
  CHECK(pairs == std::set<Pair>{{"A x", "가"}, {"A y", "나"}});
}

TEST_CASE("mistakes are named with file and line") {
  const std::string ok = "[words w]\n x | 가\n[sentences s]\n";  // what follows stands in line 4
  CHECK_THAT(error_of(ok + "a {w} b"), StartsWith("test.txt:4: a line needs English | Korean"));
  CHECK_THAT(error_of(ok + "a {v} | {v}"), StartsWith("test.txt:4: no section is called \"v\""));
  CHECK_THAT(error_of(ok + "a {w} | 가"), StartsWith("test.txt:4: {w} is missing on the Korean side"));
  CHECK_THAT(error_of(ok + "a b | {w}"), StartsWith("test.txt:4: {w} is missing on the English side"));
  CHECK_THAT(error_of(ok + "a {w | {w}"), StartsWith("test.txt:4: a { without its partner"));
  CHECK_THAT(error_of(ok + "a {w} > | {w}"), StartsWith("test.txt:4: a > without its partner"));
  CHECK_THAT(error_of(ok + "a {w} <{w}> | {w}"), StartsWith("test.txt:4: a < without its partner"));
  CHECK_THAT(error_of(ok + "a {w:plurals} | {w}"), StartsWith("test.txt:4: unknown form \"plurals\""));
  CHECK_THAT(error_of(ok + "a {} {w} | {w}"), StartsWith("test.txt:4: a slot without a name"));
  CHECK_THAT(error_of(ok + "a {w} | {w} {w.c}"),
             StartsWith("test.txt:4: not everything in {w} has the attribute \"c\""));
  CHECK_THAT(error_of(ok + "a {w} <go:now@w> | {w}"),
             StartsWith("test.txt:4: not everything in {w} has the attribute \"agr\""));
  CHECK_THAT(error_of(ok + "a {w} | {w} | weight=0"), StartsWith("test.txt:4: a weight is a whole number"));
  CHECK_THAT(error_of(ok + "a {w} | {w} | weight=2x"), StartsWith("test.txt:4: a weight is a whole number"));
  CHECK_THAT(error_of(ok + "a {w} | {w} | heavy"), StartsWith("test.txt:4: \"heavy\" is not name=value"));
  CHECK_THAT(error_of(ok + "a {w} | {w}\na {w} | 또 {w}"),
             Contains("test.txt:5") && Contains("already, at test.txt:4"));
  CHECK_THAT(error_of(ok + "a {w} | {w}\n[words u]\n z | 다"), StartsWith("test.txt:6: no sentence uses \"u\""));
  CHECK_THAT(error_of(ok + "a {w} | {w}\n[verse u]\n"), StartsWith("test.txt:5: unknown kind of section \"verse\""));
  CHECK_THAT(error_of(ok + "a {w} | {w}\n[words\n"), StartsWith("test.txt:5: the section's header does not end in ]"));
  CHECK_THAT(error_of(ok + "a {w} | {w}\n[words]\n"), StartsWith("test.txt:5: a section needs a name of one word"));
  CHECK_THAT(error_of(ok + "a {w} | \xff{w}"), StartsWith("test.txt:4: not valid UTF-8"));
  CHECK_THAT(error_of("x | 가\n"), StartsWith("test.txt:1: a line before the first section"));
  CHECK_THAT(error_of("[words w | agr=she]\n x | 가\n"), StartsWith("test.txt:1: agr is one of I, he, they"));
  CHECK_THAT(error_of("[words w]\n x {y} | {y}\n"), StartsWith("test.txt:2: nouns and words have no slots"));
  CHECK_THAT(error_of("[irregular verbs]\n go | went\n"), StartsWith("test.txt:2: an irregular verb is written"));
  CHECK_THAT(error_of("[irregular plurals]\n child | children | 3\n"),
             StartsWith("test.txt:2: an irregular plural is"));
  CHECK_THAT(error_of("[irregular plurals]\n child | children\n child | childs\n"), Contains("test.txt:3"));
  CHECK_THAT(error_of("[phrases p]\n the {p} | {p}\n[sentences s]\n a {p} | {p}\n"),
             StartsWith("test.txt:2: this line can never end"));
  CHECK_THAT(error_of("# nothing\n"), Contains("no sentences"));
}

TEST_CASE("an ending that has no verb before it is found when the sentence is drawn") {
  const Grammar grammar = parse("[sentences s]\n an apple | 사과-고\n");
  Random random(1);
  CHECK_THROWS_WITH(grammar.sample(random), StartsWith("test.txt:2: \"사과\" does not end in the dictionary form"));
}
