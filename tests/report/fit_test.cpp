#include "report/fit.h"

#include "core/utf8.h"
#include "report/table.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

using Widths = std::vector<std::optional<std::size_t>>;

}  // namespace

TEST_CASE("Columns that fit keep their widths; others give way by rank, then texts are cut") {
  const std::vector<ColumnRoom> columns{{4, 4, 0}, {20, 8, 0}, {6, 6, 1}, {5, 5, 2}};
  CHECK(fit_columns(columns, 2, 100) == Widths{4, 20, 6, 5});
  CHECK(fit_columns(columns, 2, 43) == Widths{4, 20, 6, 5});
  CHECK(fit_columns(columns, 2, 42) == Widths{4, 19, 6, 5});
  CHECK(fit_columns(columns, 2, 31) == Widths{4, 8, 6, 5});
  CHECK(fit_columns(columns, 2, 30) == Widths{4, 14, 6, std::nullopt});
  CHECK(fit_columns(columns, 2, 23) == Widths{4, 15, std::nullopt, std::nullopt});
  CHECK(fit_columns(columns, 2, 3) == Widths{4, 8, std::nullopt, std::nullopt});
}

TEST_CASE("A bar takes what texts leave") {
  const std::vector<ColumnRoom> columns{{20, 8, 0}, {30, 8, 1, true}};
  CHECK(fit_columns(columns, 2, 54) == Widths{20, 30});
  CHECK(fit_columns(columns, 2, 40) == Widths{20, 16});
  CHECK(fit_columns(columns, 2, 22) == Widths{10, 8});
  CHECK(fit_columns(columns, 2, 19) == Widths{17, std::nullopt});
}

TEST_CASE("What is cut says so and never takes more than its width") {
  CHECK(shorten("24 minutes are over", 40, false) == "24 minutes are over");
  CHECK(shorten("24 minutes are over", 11, false) == "24 minutes…");
  CHECK(shorten("models/en-de.isthmus", 20, true) == "models/en-de.isthmus");
  CHECK(shorten("models/en-de.isthmus", 18, true) == "mod…/en-de.isthmus");
  CHECK(shorten("models/en-de.isthmus", 13, true) == "en-de.isthmus");
  CHECK(shorten("models/en-de.isthmus", 9, true) == "en-d…hmus");
  CHECK(shorten("/m", 1, true) == "m");
  for (std::size_t width = 1; width < 20; ++width) {
    CHECK(display_width(shorten("한국어/모델-한국어.isthmus", width, true)) <= width);
    CHECK(display_width(shorten("번역이 끝났습니다", width, false)) <= width);
  }
}

TEST_CASE("Lines are broken at spaces, and only there") {
  CHECK(wrap("a bb ccc dddd", 100) == "a bb ccc dddd");
  CHECK(wrap("a bb ccc dddd", 8) == "a bb ccc\n  dddd");
  CHECK(wrap("a bb ccc dddd", 7) == "a bb\n  ccc\n  dddd");
  CHECK(wrap("averylongword and more", 5) == "averylongword\n  and\n  more");
  CHECK(wrap("", 5).empty());
}

TEST_CASE("On a terminal no line is wider than it, and what is left out is named; other formats stay whole") {
  const std::string path = "folder/of/many/models/with/a/long/name/model.isthmus";
  const Table table{.key = "t",
                    .title = "A title with quite a few words in it, more than forty columns of them",
                    .columns = {{.key = "run", .title = "run"},
                                {.key = "status", .title = "status", .least = 8},
                                {.key = "rare", .title = "rarely needed", .rank = 1},
                                {.key = "model", .title = "model", .least = 10, .is_path = true},
                                {.key = "bar", .is_bar = true, .rank = 2}},
                    .rows = {{std::int64_t{1}, std::string("no better BLEU in 10 validations"), 1.5, path, 3.0}},
                    .notes = {"A verdict of one sentence that goes on for longer than the terminal is wide."}};
  const auto print = [&table](ReportFormat format, std::size_t width) {
    return render(std::span(&table, 1), format, width);
  };
  for (const std::size_t width : {40, 60, 80, 120}) {
    const std::string text = print(ReportFormat::kText, width);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      INFO(text.substr(at, end - at));
      CHECK(display_width(text.substr(at, end - at)) <= width);
      at = end + 1;
    }
    CHECK(text.find("model.isthmus") != std::string::npos);
  }
  CHECK_THAT(print(ReportFormat::kText, 40), Catch::Contains("Left out on a terminal of 40 columns:") &&
                                                 Catch::Contains("rarely") && !Catch::Contains("1.50"));
  CHECK_THAT(print(ReportFormat::kText, 120), !Catch::Contains("Left out"));
  CHECK_THAT(print(ReportFormat::kText, 0), Catch::Contains(path) && !Catch::Contains("Left out"));
  for (const ReportFormat format : {ReportFormat::kCsv, ReportFormat::kMarkdown, ReportFormat::kJson}) {
    CHECK(print(format, 40) == print(format, 0));
  }
}
