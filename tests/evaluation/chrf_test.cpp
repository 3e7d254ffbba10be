// What chrF must be whatever the text; sacrebleu_test.cpp has the numbers.
#include "evaluation/chrf.h"

#include <random>

#include "core/error.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

const std::vector<std::string> kTexts = {"Das Schiff fährt um 9:45 Uhr ab!", "밖에 눈이 오고 있어요.", "(see below)",
                                         "Nous sommes arrivés hier soir."};
const std::vector<std::string> kOthers = {"Das Boot fährt um 9:45 ab.", "밖에 비가 와요.", "",
                                          "Nous arrivons ce soir."};

}  // namespace

TEST_CASE("a text has chrF 100 against itself") {
  for (const std::int64_t words : {0, 1, 2}) {
    for (const bool whitespace : {false, true}) {
      const ChrfOptions options{.word_order = words, .whitespace = whitespace};
      CHECK(corpus_chrf(kTexts, single_references(kTexts), options) == Approx(100).epsilon(0).margin(1e-9));
    }
  }
}

TEST_CASE("chrF's statistics add up") {
  const std::vector<References> references = single_references(kTexts);
  const ChrfOptions options{.word_order = 2};
  const std::vector<ChrfStatistics> sentences = chrf_statistics(kOthers, references, options);
  const ChrfStatistics whole = sentences[0] + sentences[1] + sentences[2] + sentences[3];
  CHECK(whole == sentences[3] + sentences[2] + (sentences[1] + sentences[0]));
  CHECK(chrf_score(whole, options) == corpus_chrf(kOthers, references, options));
}

TEST_CASE("chrF of a small case is what the definition gives") {
  // Orders 1 and 2 of "abcd" against "abxd": matches 3/4 and 1/3 both ways; beta has no say when they are equal.
  CHECK(sentence_chrf("abcd", std::vector<std::string>{"abxd"}, {.char_order = 2}) ==
        Approx(100 * (3.0 / 4 + 1.0 / 3) / 2));
  // Precision 1, recall 1/2 for order 1: F2 = 5 · .5 / (4 + .5).
  CHECK(sentence_chrf("a", std::vector<std::string>{"ab"}, {.char_order = 1}) == Approx(100 * 5 * 0.5 / 4.5));
}

TEST_CASE("white space counts only when asked for") {
  const std::vector<std::string> spaced = {"a b c d e f g"};
  CHECK(sentence_chrf("abcdefg", spaced) == Approx(100));
  CHECK(sentence_chrf("abcdefg", spaced, {.whitespace = true}) < 60);
}

TEST_CASE("chrF++ cuts one punctuation mark off a word") {
  const ChrfOptions words{.char_order = 1, .word_order = 1};
  ChrfCounter counter(words);
  const std::vector<std::string> reference = {"(see below), now"};
  counter.set_references(reference);
  // "(see" is cut in front, "below)," behind: ( see below) , now
  const ChrfStatistics statistics = counter.count("see below now");
  CHECK(statistics.reference[1] == 5);
  CHECK(statistics.hypothesis[1] == 3);
  CHECK(statistics.matches[1] == 2);
}

TEST_CASE("chrF takes the reference that gives the best score") {
  const std::vector<std::string> both = {"nothing like it", kTexts[0]};
  CHECK(sentence_chrf(kTexts[0], both) == Approx(100));
  CHECK(sentence_chrf(kOthers[0], both) == sentence_chrf(kOthers[0], std::vector<std::string>{kTexts[0]}));
}

TEST_CASE("empty text has chrF 0") {
  CHECK(sentence_chrf("", std::vector<std::string>{"abc"}) == 0);
  CHECK(sentence_chrf("abc", std::vector<std::string>{""}) == 0);
  CHECK(sentence_chrf("", std::vector<std::string>{""}) == 0);
  CHECK(sentence_chrf("abc", std::vector<std::string>{"xyz"}) == 0);
  CHECK_THROWS_AS(sentence_chrf("abc", {}), InputError);
}

TEST_CASE("hostile bytes get a chrF") {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string text(1 + random() % 40, ' ');
    for (char& c : text) c = static_cast<char>(random() | 0x80);
    CHECK(sentence_chrf(text, std::vector<std::string>{text}, {.word_order = 2, .lowercase = true}) == Approx(100));
  }
}

TEST_CASE("chrF is named by beta and words") {
  const std::string version = std::string("version:isthmus-") + ISTHMUS_VERSION;
  CHECK(chrf_name({}) == "chrF2");
  CHECK(chrf_name({.word_order = 2, .beta = 3}) == "chrF3++");
  CHECK(chrf_signature({.word_order = 2, .lowercase = true, .whitespace = true, .eps_smoothing = true}, "2") ==
        "nrefs:2|case:lc|eff:no|nc:6|nw:2|space:yes|" + version);
}
