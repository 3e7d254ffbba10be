#include "corpora/korean.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

using namespace isthmus;

namespace {
using Table = std::vector<std::pair<std::string, std::string>>;

void check(const Table& table) {
  for (const auto& [notation, expected] : table) {
    INFO(notation);
    CHECK(finish_korean(notation) == expected);
  }
}
}  // namespace

TEST_CASE("particles follow the final sound of a Korean word") {
  check({
      {"사과은(는)", "사과는"},
      {"책은(는)", "책은"},
      {"물은(는)", "물은"},
      {"사과이(가)", "사과가"},
      {"책이(가)", "책이"},
      {"물이(가)", "물이"},
      {"사과을(를)", "사과를"},
      {"책을(를)", "책을"},
      {"물을(를)", "물을"},
      {"사과과(와)", "사과와"},
      {"책과(와)", "책과"},
      {"물과(와)", "물과"},
      {"의사이에요(예요)", "의사예요"},
      {"학생이에요(예요)", "학생이에요"},
      {"서울이에요(예요)", "서울이에요"},
      {"의사이었(였)어요", "의사였어요"},
      {"학생이었(였)어요", "학생이었어요"},
      {"커피(이)나", "커피나"},
      {"빵(이)나", "빵이나"},
      {"물(이)나", "물이나"},
      {"민수(이)라고", "민수라고"},
      {"지영(이)라고", "지영이라고"},
  });
}

TEST_CASE("(으)로 takes its short form after vowels and after ㄹ") {
  check({{"버스(으)로", "버스로"},
         {"지하철(으)로", "지하철로"},
         {"서울(으)로", "서울로"},
         {"부산(으)로", "부산으로"},
         {"왼쪽(으)로", "왼쪽으로"}});
}

TEST_CASE("particles after digits, Latin letters and closing marks") {
  check({
      {"1은(는)", "1은"},           {"2은(는)", "2는"},
      {"3이(가)", "3이"},           {"4을(를)", "4를"},
      {"6과(와)", "6과"},           {"7(으)로", "7로"},
      {"8(으)로", "8로"},           {"6(으)로", "6으로"},
      {"9이에요(예요)", "9예요"},   {"0을(를)", "0을"},
      {"10은(는)", "10은"},         {"100을(를)", "100을"},
      {"12,000이(가)", "12,000이"}, {"1000000000000을(를)", "1000000000000를"},
      {"KTX을(를)", "KTX를"},       {"TV은(는)", "TV는"},
      {"URL(으)로", "URL로"},       {"ATM이(가)", "ATM이"},
      {"email을(를)", "email을"},   {"Seoul(으)로", "Seoul로"},
      {"pizza을(를)", "pizza를"},   {"“사과”을(를)", "“사과”를"},
  });
}

TEST_CASE("pronouns that change before 이/가") {
  check({{"저이(가) 가요", "제가 가요"},
         {"나이(가) 가요", "내가 가요"},
         {"누구이(가) 가요", "누가 가요"},
         {"저은(는) 가요", "저는 가요"},
         {"먼저이(가)", "먼저가"},
         {"어제 저이(가)", "어제 제가"}});
}

TEST_CASE("several particles in one sentence") {
  check({{"남동생은(는) 서울에서 친구과(와) 영화을(를) 봐요.", "남동생은 서울에서 친구와 영화를 봐요."}});
}

TEST_CASE("syllables come apart and together again") {
  for (char32_t letter = U'가'; letter <= U'힣'; ++letter) {
    REQUIRE(is_syllable(letter));
    REQUIRE(put_together(take_apart(letter)) == letter);
  }
  const Syllable han = take_apart(U'한');
  CHECK(han.tail == tail_number(U'ㄴ'));
  CHECK(tail_number(U'ㅎ') == 27);
  CHECK(tail_number(U'ㅏ') == 0);
  CHECK_FALSE(is_syllable(U'ㄱ'));
}
