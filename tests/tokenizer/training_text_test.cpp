#include "tokenizer/training_text.h"

#include <set>

#include "tests/catch.h"

namespace isthmus {
namespace {

std::vector<std::string> trainable(std::string_view line) {
  std::vector<std::string> lines;
  append_trainable(line, lines);
  return lines;
}

TEST_CASE("a sample within its limit keeps all lines in order") {
  for (const std::int64_t limit : {0, 3, 100}) {
    TrainingText text(limit);
    for (const char* line : {"one", "two", "three"}) text.add(line);
    CHECK(text.take() == std::vector<std::string>{"one", "two", "three"});
  }
}

TEST_CASE("a sample is ordered, repeatable and even") {
  constexpr int kLines = 1000;
  const auto sample = [] {
    TrainingText text(200);
    for (int i = 0; i < kLines; ++i) text.add(std::to_string(1000 + i));
    return text.take();
  };
  const std::vector<std::string> lines = sample();
  CHECK(lines == sample());
  CHECK(lines.size() == 200);
  CHECK(std::is_sorted(lines.begin(), lines.end()));
  CHECK(std::set<std::string>(lines.begin(), lines.end()).size() == 200);
  const auto early = std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line < "1500"; });
  CHECK(early > 70);
  CHECK(early < 130);
}

TEST_CASE("of a monstrous line the start is kept") {
  TrainingText text(0);
  text.add(std::string(10000000, 'a'));
  std::string words;
  while (words.size() < 1000000) words += "word ";
  text.add(words);
  const std::vector<std::string> lines = text.take();
  CHECK(lines[0].size() == TrainingText::kMaxKeptBytes);
  CHECK(lines[1].size() <= TrainingText::kMaxKeptBytes);
  CHECK(lines[1].ends_with(" word"));
}

TEST_CASE("a cut is at a space or between characters, whatever the bytes") {
  CHECK(cut_position("one two", 5) == 3);
  CHECK(cut_position("one two", 3) == 3);
  CHECK(cut_position(" onetwo", 5) == 5);
  CHECK(cut_position("een\u00ebn", 4) == 3);
  CHECK(cut_position("ab\U0001F600c", 5) == 2);
  CHECK(cut_position(std::string(10, '\x80'), 6) == 6);
}

TEST_CASE("what SentencePiece would drop or trip over is made harmless") {
  CHECK(trainable("plain text") == std::vector<std::string>{"plain text"});
  CHECK(trainable(std::string("a\0b\tc\r", 6)) == std::vector<std::string>{"a b c "});
  CHECK(trainable("x\u2585y") == std::vector<std::string>{"x y"});
  CHECK(trainable("x\xffy") == std::vector<std::string>{"x y"});
  CHECK(trainable("").empty());
  CHECK(trainable(" \t ").empty());
}

TEST_CASE("long lines are cut between words, or else between characters") {
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "wörd ";
  for (const std::string& line : {words, [] {
                                    std::string text;
                                    for (int i = 0; i < 5000; ++i) text += "한";
                                    return text;
                                  }()}) {
    std::string joined;
    for (const std::string& part : trainable(line)) {
      CHECK(part.size() <= 4000);
      joined += part;
    }
    CHECK(joined == line);
  }
  for (const std::string& part : trainable(words)) CHECK(part.find("wör", part.size() - 4) == std::string::npos);
}

}  // namespace
}  // namespace isthmus
