#include "core/progress.h"

#include <limits>

#include "core/utf8.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("durations as people write them") {
  CHECK(clock_text(0) == "0:00");
  CHECK(clock_text(5) == "0:05");
  CHECK(clock_text(59.4) == "0:59");
  CHECK(clock_text(59.6) == "1:00");
  CHECK(clock_text(65) == "1:05");
  CHECK(clock_text(3599) == "59:59");
  CHECK(clock_text(3600) == "1:00:00");
  CHECK(clock_text(7384) == "2:03:04");
  CHECK(clock_text(360000) == "100:00:00");
  CHECK(clock_text(-3) == "0:00");
  CHECK(clock_text(std::numeric_limits<double>::infinity()) == clock_text(1e9));
}

TEST_CASE("numbers with commas") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(1234567) == "1,234,567");
  CHECK(with_commas(-999) == "-999");
  CHECK(with_commas(-1000) == "-1,000");
  CHECK(with_commas(-123456) == "-123,456");
  CHECK(with_commas(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("a bar fills by eighths of a character and always takes its width") {
  CHECK(bar_text(0, 4) == "    ");
  CHECK(bar_text(1, 4) == "████");
  CHECK(bar_text(0.5, 4) == "██  ");
  CHECK(bar_text(1.0 / 32, 4) == "▏   ");
  CHECK(bar_text(0.5 + 7.0 / 32, 4) == "██▉ ");
  CHECK(bar_text(-1, 2) == "  ");
  CHECK(bar_text(2, 2) == "██");
  CHECK(bar_text(0.3, 0).empty());
  for (int i = 0; i <= 100; ++i) CHECK(to_code_points(bar_text(i / 100.0, 20)).size() == 20);
}

TEST_CASE("progress can be told anything at any time") {
  Progress unknown("reading", "lines", 0);
  unknown.update(0);
  unknown.update(5, "a note");
  Progress known("reading", "lines", 3);
  known.update(0);
  known.update(4);
  CHECK(known.seconds() >= 0.0);
}

TEST_CASE("One thing is not many") {
  CHECK(counted(1, "line") == "1 line");
  CHECK(counted(0, "line") == "0 lines");
  CHECK(counted(29000, "line") == "29,000 lines");
  CHECK(counted(1, "hypothesis", "hypotheses") == "1 hypothesis");
  CHECK(counted(2, "hypothesis", "hypotheses") == "2 hypotheses");
}

}  // namespace
}  // namespace isthmus
