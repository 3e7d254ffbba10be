#include "corpora/check.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "corpora/line_writer.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using namespace std::literals;
using Catch::Matchers::Contains;
using testing::TemporaryFolder;
using Lines = std::vector<std::string>;

class Corpus {
 public:
  ParallelInput write(const std::string& name, const Lines& source, const Lines& target) const {
    ParallelInput input{.source = folder_.path(name + ".en"), .target = folder_.path(name + ".de")};
    write_lines(input.source, source);
    write_lines(input.target, target);
    return input;
  }
  CheckReport check(const Lines& source, const Lines& target, const CheckOptions& options = {}) const {
    return check_corpus(write("train", source, target), std::nullopt, options);
  }
  std::string path(const std::string& name) const { return folder_.path(name); }

 private:
  TemporaryFolder folder_;
};

const Finding* find(const CheckReport& report, Problem problem, Side side) {
  for (const Finding& finding : report.findings) {
    if (finding.problem == problem && finding.side == side) return &finding;
  }
  return nullptr;
}

Lines numbered(const std::string& word, int count) {
  Lines lines;
  for (int i = 0; i < count; ++i) lines.push_back(word + " " + std::to_string(i));
  return lines;
}

}  // namespace

TEST_CASE("A sound corpus has no findings") {
  const CheckReport report = Corpus().check({"One day.", "Two\tnights — “really”", "3"}, {"Ein Tag.", "Zwei", "3"});
  CHECK(report.pairs == 3);
  CHECK(report.findings.empty());
  CHECK(report.errors() == 0);
  CHECK(report.warnings() == 0);
  CHECK_THAT(to_text(report), Contains(": 3 pairs\n") && Contains("no errors, no warnings\n"));
}

TEST_CASE("A corpus without lines is an error") {
  const CheckReport report = Corpus().check({}, {});
  CHECK(report.pairs == 0);
  CHECK(report.errors() == 1);
  CHECK(find(report, Problem::kNoLines, Side::kPair) != nullptr);
  CHECK_THAT(to_text(report), Contains("error    no lines") && Contains("\n1 error, no warnings\n"));
  const CheckReport one_sided = Corpus().check({}, {"x"});  // the mismatch says it
  CHECK(one_sided.errors() == 1);
  CHECK(find(one_sided, Problem::kNoLines, Side::kPair) == nullptr);
}

TEST_CASE("A row without both columns is an error of its own line, and the rows after it are checked") {
  TemporaryFolder folder;
  const std::string bad_row = "one column\n";
  const ParallelInput table{
      .source = folder.write("t.tsv", "a\tx\n" + bad_row + "\nb\ty\tz\nc\t\xff\nd\t" + std::string(60, 'y') + "\n" +
                                          std::string(300, 'e') + "\t" + std::string(300, 'z') + "\n"),
      .target = ""};
  const CheckReport report = check_corpus(table, std::nullopt, {});
  CHECK(report.pairs == 5);
  const Finding* missing = find(report, Problem::kMissingColumn, Side::kPair);
  REQUIRE(missing != nullptr);
  CHECK(missing->count == 2);
  CHECK(missing->examples[0].line == 2);
  CHECK(missing->examples[0].detail == "no tab");
  CHECK(missing->examples[1].line == 3);
  REQUIRE(find(report, Problem::kInvalidUtf8, Side::kTarget) != nullptr);
  CHECK(find(report, Problem::kInvalidUtf8, Side::kTarget)->examples[0].line == 5);
  CHECK(find(report, Problem::kOddRatio, Side::kPair)->examples[0].line == 6);
  CHECK(report.errors() == 2);
  CHECK_THAT(to_text(report), Contains("too few columns") && Contains("2  lines 2 (no tab), 3 (no tab)"));
}

TEST_CASE("A row with other columns than most is a warning") {
  TemporaryFolder folder;
  const ParallelInput table{.source = folder.write("t.tsv", "a\tb\tc\n1\t2\n3\t4\n"), .target = ""};
  const CheckReport report = check_corpus(table, std::nullopt, {});
  CHECK(report.pairs == 3);
  CHECK(report.errors() == 0);
  const Finding* finding = find(report, Problem::kOddColumns, Side::kPair);
  REQUIRE(finding != nullptr);
  CHECK(finding->count == 1);
  CHECK(finding->examples[0].line == 1);
  CHECK(finding->examples[0].detail == "3, most have 2");
  // Nothing that isthmus corpus clean would mend.
  CHECK_THAT(to_text(report), Contains("\nno errors, 1 warning\n"));
  // A table may have more columns than two.
  const std::string wide = folder.write("w.tsv", "a\tb\tc\n1\t2\t3\n");
  CHECK(check_corpus({.source = wide, .target = ""}, std::nullopt, {}).findings.empty());
}

TEST_CASE("Each fault of a line is found with its line number") {
  struct Case {
    std::string line;
    Problem problem;
    std::string detail;
  };
  const std::vector<Case> cases = {
      {"ab\xffz", Problem::kInvalidUtf8, "byte 3"},
      {"a\0b"s, Problem::kNul, ""},
      {"", Problem::kEmpty, ""},
      {" \u00a0\t", Problem::kEmpty, ""},
      {"\ufeffword", Problem::kByteOrderMark, ""},
      {"a\u2028b", Problem::kLineSeparator, ""},
      {"a\u2029b", Problem::kLineSeparator, ""},
      {"a\u0085z", Problem::kLineSeparator, ""},
      {"a\x1b[0m", Problem::kControl, ""},
      {"a\x7f", Problem::kControl, ""},
      {"caf\ufffd", Problem::kReplacement, ""},
      {std::string(1001, 'x'), Problem::kTooLong, "1001 characters"},
  };
  Corpus corpus;
  for (const Case& c : cases) {
    INFO(explain(c.problem) << " in '" << c.line.substr(0, 20) << "'");
    const CheckReport report = corpus.check({"fine", c.line, "good"}, {"gut", "schlecht", "recht"});
    const Finding* finding = find(report, c.problem, Side::kSource);
    REQUIRE(finding != nullptr);
    CHECK(finding->count == 1);
    REQUIRE(finding->examples.size() == 1);
    CHECK(finding->examples[0].line == 2);
    CHECK(finding->examples[0].detail == c.detail);
    CHECK(report.errors() == (is_error(c.problem) ? 1 : 0));
    CHECK(find(corpus.check({"x", "y", "z"}, {"gut", c.line, "recht"}), c.problem, Side::kTarget) != nullptr);
  }
}

TEST_CASE("Only the first lines are named, all are counted") {
  const CheckReport report = Corpus().check(Lines(9, ""), numbered("wort", 9), {.examples = 3});
  const Finding* finding = find(report, Problem::kEmpty, Side::kSource);
  REQUIRE(finding != nullptr);
  CHECK(finding->count == 9);
  REQUIRE(finding->examples.size() == 3);
  CHECK(finding->examples[2].line == 3);
  CHECK_THAT(to_text(report), Contains("9  lines 1, 2, 3, …"));
}

TEST_CASE("Copies, repetitions and odd lengths are found") {
  Corpus corpus;
  const CheckReport copies = corpus.check({"Same text", "12:30"}, {"same  TEXT", "12:30"});
  REQUIRE(find(copies, Problem::kCopied, Side::kPair) != nullptr);
  CHECK(find(copies, Problem::kCopied, Side::kPair)->count == 1);  // digits are no copy

  const CheckReport repeated = corpus.check({"a", "b", "a", "a", "c"}, {"x", "x", "x", "y", "z"});
  REQUIRE(find(repeated, Problem::kDuplicatePair, Side::kPair) != nullptr);
  CHECK(find(repeated, Problem::kDuplicatePair, Side::kPair)->examples[0].line == 3);
  CHECK(find(repeated, Problem::kDuplicatePair, Side::kPair)->examples[0].detail == "as line 1");
  CHECK(find(repeated, Problem::kDuplicateSide, Side::kSource)->examples[0].line == 4);
  CHECK(find(repeated, Problem::kDuplicateSide, Side::kTarget)->examples[0].line == 2);
  CHECK(repeated.errors() == 0);

  // The usual ratio is 2, so 2 is not odd, and 0.2 is.
  Lines source = numbered("twice the length of it", 50), target = numbered("the half", 50);
  target[20] = std::string(100, 'z');
  const CheckReport odd = corpus.check(source, target);
  const Finding* finding = find(odd, Problem::kOddRatio, Side::kPair);
  REQUIRE(finding != nullptr);
  CHECK(finding->count == 1);
  CHECK(finding->examples[0].line == 21);
  CHECK(finding->examples[0].detail == "25 to 100 characters");
}

TEST_CASE("Text shared with another corpus is found: pairs are errors, sides are warnings") {
  Corpus corpus;
  const ParallelInput test = corpus.write("test", {"Shared pair", "Shared source", "new"}, {"Geteilt", "neu", "x y"});
  const ParallelInput train = corpus.write("train", {"one", "shared  PAIR", "Shared source", "two", ""},
                                           {"eins", "geteilt", "anders", "X y", "leer"});
  const CheckReport report = check_corpus(train, test, {});
  const Finding* pair = find(report, Problem::kOverlapPair, Side::kPair);
  REQUIRE(pair != nullptr);
  CHECK(pair->examples[0].line == 2);
  CHECK(pair->examples[0].detail == test.source + ":1");
  CHECK(find(report, Problem::kOverlapSide, Side::kSource)->examples[0].line == 3);
  CHECK(find(report, Problem::kOverlapSide, Side::kTarget)->examples[0].line == 4);
  CHECK(find(report, Problem::kOverlapSide, Side::kTarget)->examples[0].detail == test.target + ":3");
  CHECK(report.errors() == 1);
}

TEST_CASE("Files of different length are an error in the report, and the rest is checked") {
  Corpus corpus;
  const CheckReport report = corpus.check({"a", "", "c"}, {"x", "y"});
  CHECK(report.pairs == 2);
  CHECK_THAT(report.mismatch, Contains("train.en has 3 lines but") && Contains("train.de has 2"));
  CHECK(report.errors() == 1);
  CHECK(find(report, Problem::kEmpty, Side::kSource) != nullptr);
  CHECK_THAT(to_text(report), Contains("1 error, 1 warning; isthmus corpus clean"));
  CHECK_THROWS_AS(check_corpus({.source = corpus.path("absent"), .target = "x"}, std::nullopt, {}), InputError);
}

}  // namespace isthmus
