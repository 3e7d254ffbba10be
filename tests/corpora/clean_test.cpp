#include "corpora/clean.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace isthmus {
namespace {

using namespace std::literals;
using Catch::Matchers::Contains;
using Lines = std::vector<std::string>;

ParallelText text(Lines source, Lines target) { return {std::move(source), std::move(target), "s", "t"}; }

/// Leaves everything as it is; each test turns one rule on.
CleanOptions no_rules() {
  return {.bad_utf8 = BadUtf8::kKeep,
          .keep_controls = true,
          .keep_spaces = true,
          .keep_empty = true,
          .keep_copies = true,
          .duplicates = Repetitions::kKeep,
          .max_characters = 0,
          .max_ratio = 0};
}

const Lines kHostile = {"", "ab\xff", "a\0b"s, "\ufeff  x \u2028 y", "same", "same", std::string(3000, 'z')};
const Lines kOther = {"q", "r", "s", "t", "SAME", "SAME", "u"};

}  // namespace

TEST_CASE("Without rules nothing changes") {
  ParallelText corpus = text(kHostile, kOther);
  const CleanReport report = clean_corpus(corpus, nullptr, no_rules());
  CHECK(corpus.source == kHostile);
  CHECK(corpus.target == kOther);
  CHECK(report.read == 7);
  CHECK(report.kept == 7);
  for (std::size_t count : report.counts) CHECK(count == 0);
}

TEST_CASE("Rows without both columns count as read and dropped") {
  ParallelText corpus = text({"a"}, {"b"});
  corpus.malformed_rows = 2;
  const CleanReport report = clean_corpus(corpus, nullptr, no_rules());
  CHECK(report.read == 3);
  CHECK(report.kept == 1);
  CHECK(report[Cleaning::kDroppedRow] == 2);
  CHECK_THAT(to_text(report), Contains("dropped: too few columns"));
}

TEST_CASE("Each rule drops or repairs what it names and counts it") {
  ParallelText corpus = text(kHostile, kOther);
  CleanOptions options = no_rules();

  SECTION("bad UTF-8 is dropped") {
    options.bad_utf8 = BadUtf8::kDrop;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kDroppedUtf8] == 1);
    CHECK(corpus.source[1] == "a\0b"s);
    CHECK(corpus.target[1] == "s");
  }
  SECTION("bad UTF-8 is repaired") {
    options.bad_utf8 = BadUtf8::kRepair;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kRepairedUtf8] == 1);
    CHECK(corpus.source[1] == "ab\ufffd");
  }
  SECTION("controls are taken out") {
    options.keep_controls = false;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kRemovedControls] == 2);
    CHECK(corpus.source[2] == "ab");
    CHECK(corpus.source[3] == "  x \u2028 y");
    CHECK(corpus.source[1] == "ab\xff");
  }
  SECTION("spaces collapse") {
    options.keep_spaces = false;
    options.keep_controls = false;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kCollapsedSpaces] == 1);
    CHECK(corpus.source[3] == "x y");
  }
  SECTION("empty sides are dropped") {
    options.keep_empty = false;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kDroppedEmpty] == 1);
    CHECK(corpus.target[0] == "r");
  }
  SECTION("copies are dropped") {
    options.keep_copies = false;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kDroppedCopy] == 2);
    CHECK(corpus.size() == 5);
  }
  SECTION("long lines are dropped") {
    options.max_characters = 2999;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kDroppedLong] == 1);
    CHECK(corpus.size() == 6);
  }
  SECTION("repeated pairs are dropped") {
    options.duplicates = Repetitions::kPairs;
    CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kDroppedDuplicate] == 1);
    CHECK(corpus.size() == 6);
  }
  SECTION("odd lengths are dropped") {
    options.max_ratio = 4;
    ParallelText even = text(Lines(50, "about as long as it should be"), Lines(50, "so lang wie es auch sein soll"));
    even.target[7] = "kurz";
    CHECK(clean_corpus(even, nullptr, options)[Cleaning::kDroppedRatio] == 1);
    CHECK(even.size() == 49);
  }
  SECTION("sentences of another corpus are dropped") {
    const ParallelText against = text({"SAME", "", "none"}, {"x", "", "R"});
    CHECK(clean_corpus(corpus, &against, options)[Cleaning::kDroppedOverlap] == 3);
    CHECK(corpus.source[0] == "");
    CHECK(corpus.source[1] == "a\0b"s);
  }
}

TEST_CASE("Repeated sides are dropped when asked for") {
  ParallelText corpus = text({"a", "a", "b", "c"}, {"x", "y", "X", "z"});
  CleanOptions options = no_rules();
  options.duplicates = Repetitions::kSides;
  CHECK(clean_corpus(corpus, nullptr, options)[Cleaning::kDroppedDuplicate] == 2);
  CHECK(corpus.source == Lines{"a", "c"});
  CHECK(corpus.target == Lines{"x", "z"});
}

TEST_CASE("The usual rules clean a corpus, and cleaning it again changes nothing") {
  ParallelText corpus = text(kHostile, kOther);
  const CleanReport report = clean_corpus(corpus, nullptr, {});
  CHECK(corpus.source == Lines{"ab", "x y"});
  CHECK(report.read == 7);
  CHECK(report.kept == 2);
  CHECK_THAT(to_text(report), Contains("pairs read") && Contains("dropped: empty side") && Contains("pairs kept"));
  const ParallelText once = corpus;
  const CleanReport again = clean_corpus(corpus, nullptr, {});
  CHECK(again.kept == 2);
  for (std::size_t count : again.counts) CHECK(count == 0);
  CHECK(corpus.source == once.source);
  ParallelText nothing;
  CHECK(clean_corpus(nothing, nullptr, {}).kept == 0);
}

}  // namespace isthmus
