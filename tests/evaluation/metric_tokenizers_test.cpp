#include "evaluation/metric_tokenizers.h"

#include <random>

#include "evaluation/text.h"
#include "tests/catch.h"

using namespace isthmus;
using namespace std::string_literals;

TEST_CASE("13a cuts at ASCII punctuation but not inside numbers") {
  CHECK(tokenize_13a("").empty());
  CHECK(tokenize_13a("Hello, world!") == "Hello , world !");
  CHECK(tokenize_13a("It rose 1,234.5 points.") == "It rose 1,234.5 points .");
  CHECK(tokenize_13a("In 1990. Then .5, and 5.") == "In 1990 . Then . 5 , and 5 .");
  CHECK(tokenize_13a("9-to-5 well-known 2024-03-05") == "9 - to-5 well-known 2024 - 03 - 05");
  CHECK(tokenize_13a("don't 'quote' \"quote\"") == "don't 'quote' \" quote \"");
  CHECK(tokenize_13a("a...b") == "a . . . b");
  CHECK(tokenize_13a("3 < 4 & [x]^{y} ~ z`") == "3 < 4 & [ x ] ^ { y } ~ z `");
  CHECK(tokenize_13a("https://a.org/b?c=1&d=2") == "https : / / a . org / b ? c = 1 & d = 2");
}

TEST_CASE("13a undoes entities, in mteval's order") {
  CHECK(tokenize_13a("&quot;R&amp;D&quot; &lt;b&gt; &apos;") == "\" R & D \" < b > & apos ;");
  CHECK(tokenize_13a("&amp;lt;") == "<");
  CHECK(tokenize_13a("a<skipped>b") == "ab");
  CHECK(tokenize_13a("two-\nlines and\nmore") == "twolines and more");
}

TEST_CASE("13a knows no punctuation beyond ASCII, but all white space") {
  CHECK(tokenize_13a("„Größe“ — 50 €…") == "„Größe“ — 50 €…");
  CHECK(tokenize_13a("안녕하세요. 그는 1,000원을 냈다!") == "안녕하세요 . 그는 1,000원을 냈다 !");
  CHECK(tokenize_13a("今日は晴れです。") == "今日は晴れです。");
  CHECK(tokenize_13a("a\u00a0b\u3000c\td") == "a b c d");
}

TEST_CASE("intl cuts at Unicode's punctuation and symbols") {
  CHECK(tokenize_intl("„Größe“ — 50 €…") == "„ Größe “ — 50 € …");
  CHECK(tokenize_intl("1,234.5 and 1990.") == "1,234.5 and 1990.");  // mteval-v14 leaves the last stop with the number
  CHECK(tokenize_intl("don't stop") == "don ' t stop");
  CHECK(tokenize_intl("x² + y³ = ½") == "x² + y³ = ½");
  CHECK(tokenize_intl("今日は、5。") == "今日は 、 5。");
  CHECK(tokenize_intl("😀!") == "😀 !");
}

TEST_CASE("char makes a token of each character") {
  CHECK(tokenize_char("가나 ab😀") == "가 나 a b 😀");
  CHECK(tokenize_char("  ").empty());
}

TEST_CASE("zh makes a token of each ideograph") {
  CHECK(tokenize_zh("我在北京。") == "我 在 北 京 。");
  CHECK(tokenize_zh("用Python 3.11写的") == "用 Python 3.11 写 的");
  CHECK(tokenize_zh("半角,全角，") == "半 角 , 全 角 ，");
  CHECK(tokenize_zh("“引”") == "“ 引 ”");
  CHECK(tokenize_zh("𠀀𠀁") == "𠀀𠀁");  // as sacreBLEU: ideographs beyond U+FFFF are not in its table
}

TEST_CASE("none only tidies white space") { CHECK(tokenize_none(" a ,  b\tc. ") == "a , b c."); }

TEST_CASE("tokenizers are found by the names that signatures use") {
  CHECK(name_of(MetricTokenizer::k13a) == "13a");
  CHECK(name_of(MetricTokenizer::kIntl) == "intl");
  CHECK(name_of(MetricTokenizer::kChar) == "char");
  CHECK(name_of(MetricTokenizer::kZh) == "zh");
  CHECK(name_of(MetricTokenizer::kNone) == "none");
  CHECK(tokenize(MetricTokenizer::kChar, "ab") == "a b");
}

TEST_CASE("no tokenizer minds hostile bytes, and its output is tidy") {
  std::mt19937 random(7);
  const std::string alphabet = "\0\n\t .,-&;<09aZ\x80\xbf\xc2\xe2\xe3\xed\xf0\xf4\xff"s;
  for (int round = 0; round < 2000; ++round) {
    std::string line(random() % 24, ' ');
    for (char& c : line) c = random() % 8 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    for (const MetricTokenizerEntry& entry : kMetricTokenizers) {
      const std::string tokens = entry.tokenize(well_formed(line));
      CHECK(tokens == single_spaced(tokens));
      entry.tokenize(line);  // ill-formed as it is
    }
  }
}
