#include "corpora/parallel_text.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "corpora/line_writer.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using testing::TemporaryFolder;
using Lines = std::vector<std::string>;

/// Lines whose lengths wander, so that each fits its own translation best.
Lines varied_lines(int count, int stretch) {
  Lines lines;
  for (int i = 0; i < count; ++i)
    lines.push_back(std::string(static_cast<std::size_t>(10 + i * 37 % 83 * stretch), 'x'));
  return lines;
}

}  // namespace

TEST_CASE("Pairs come from two files, one of them compressed") {
  TemporaryFolder folder;
  folder.write("a.en", "one\n\nthree\n");
  write_lines(folder.path("a.de.gz"), Lines{"eins", "zwei", ""});
  const ParallelText text = read_parallel({.source = folder.path("a.en"), .target = folder.path("a.de.gz")});
  CHECK(text.source == Lines{"one", "", "three"});
  CHECK(text.target == Lines{"eins", "zwei", ""});
  CHECK(text.source_name == folder.path("a.en"));
  CHECK(text.target_name == folder.path("a.de.gz"));
}

TEST_CASE("Two empty files are an empty corpus") {
  TemporaryFolder folder;
  CHECK(read_parallel({.source = folder.write("a", ""), .target = folder.write("b", "")}).size() == 0);
  CHECK(read_parallel({.source = folder.path("a"), .target = ""}).size() == 0);
}

TEST_CASE("Pairs come from the columns of one file") {
  TemporaryFolder folder;
  const std::string path = folder.write("a.tsv", "1\tone\teins\textra\n2\ttwo\t\r\n");
  const ParallelText text = read_parallel({.source = path, .target = "", .source_column = 3, .target_column = 2});
  CHECK(text.source == Lines{"eins", ""});
  CHECK(text.target == Lines{"one", "two"});
  CHECK(text.target_name == path);
  CHECK_THROWS_WITH(
      read_parallel({.source = path, .target = "", .source_column = 1, .target_column = 4}),
      path + ":2: 3 tab-separated columns; at least 4 must be there; or give the other side as a file of its own");
  CHECK_THROWS_WITH(read_parallel({.source = folder.write("b.tsv", "no tab\n"), .target = ""}),
                    Contains("b.tsv:1: 1 tab-separated column; at least 2"));
}

TEST_CASE("A caller may go on after a row with too few columns") {
  TemporaryFolder folder;
  const ParallelInput input{.source = folder.write("a.tsv", "one\teins\nno tab\n\nfour\tvier\tmore\n"), .target = ""};
  ParallelReader reader(input, ParallelReader::Faults::kReport);
  std::string source = "x", target = "x";
  REQUIRE(reader.next(source, target));
  CHECK_FALSE(reader.malformed());
  CHECK(reader.columns() == 2);
  for (int line = 2; line <= 3; ++line) {
    REQUIRE(reader.next(source, target));
    CHECK(reader.malformed());
    CHECK(reader.columns() == 1);
    CHECK(reader.line_number() == line);
    CHECK((source + target).empty());
  }
  REQUIRE(reader.next(source, target));
  CHECK_FALSE(reader.malformed());
  CHECK(reader.columns() == 3);
  CHECK(target == "vier");
  CHECK_FALSE(reader.next(source, target));
  CHECK_THROWS_WITH(read_parallel(input), Contains("a.tsv:2: 1 tab-separated column; at least 2"));
  const ParallelText text = read_parallel(input, ParallelReader::Faults::kReport);
  CHECK(text.source == Lines{"one", "four"});
  CHECK(text.malformed_rows == 2);
}

TEST_CASE("Files of different length are an error with both counts and the place") {
  TemporaryFolder folder;
  const Lines source = varied_lines(2000, 2);
  Lines target = varied_lines(2000, 3);
  const ParallelInput input{.source = folder.path("s"), .target = folder.path("t")};
  write_lines(input.source, source);

  SECTION("a line is missing in the middle") {
    target.erase(target.begin() + 1233);
    write_lines(input.target, target);
    CHECK_THROWS_WITH(read_parallel(input), input.source + " has 2,000 lines but " + input.target +
                                                " has 1,999; they seem to be out of step from line 1,234 of " +
                                                input.source + " on");
    CHECK_THROWS_AS(read_parallel(input), InputError);
  }
  SECTION("lines were put in") {
    target.insert(target.begin() + 100, 3, "xxxxxxxxxxxx");
    write_lines(input.target, target);
    CHECK_THROWS_WITH(read_parallel(input),
                      Contains("2,000 lines but") && Contains("has 2,003; they seem to be out of step "
                                                              "from line 101 of " +
                                                              input.target));
  }
  SECTION("the end is missing") {
    target.resize(1500);
    write_lines(input.target, target);
    CHECK_THROWS_WITH(read_parallel(input), Contains("was " + input.target + " cut short?"));
  }
  SECTION("one is empty") {
    write_lines(input.target, Lines{});
    CHECK_THROWS_WITH(read_parallel(input), Contains("has 2,000 lines but") && Contains("has 0;"));
  }
  SECTION("a caller may go on with what there is") {
    target.resize(1500);
    write_lines(input.target, target);
    ParallelReader reader(input, ParallelReader::Faults::kReport);
    for (std::string s, t; reader.next(s, t);) continue;
    CHECK(reader.line_number() == 1500);
    CHECK_THAT(reader.mismatch(), Contains("has 2,000 lines but"));
    CHECK_THROWS_WITH(read_parallel(input, ParallelReader::Faults::kReport), reader.mismatch());
    std::string s, t;
    CHECK_FALSE(reader.next(s, t));
  }
}

TEST_CASE("Standard input can be only one of the two files") {
  CHECK_THROWS_WITH(ParallelReader({.source = "-", .target = "-"}), Contains("cannot both be standard input"));
}

}  // namespace isthmus
