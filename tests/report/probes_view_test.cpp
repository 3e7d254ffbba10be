// Probes as figures: whole tasks as bars, the places of recall as lines from either end.
#include <algorithm>

#include "ledger/ledger.h"
#include "report/studies/study_view.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;

namespace {

bool has_column(const Table& table, const std::string& key) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return column.key == key; });
}

std::vector<Figure> figures_of(const std::vector<std::vector<MeasuredValue>>& rows) {
  const test::TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = test::small_ledger(ledger);
  const AnalysisId analysis =
      ledger.add(AnalysisRow{.run = made.evaluate, .kind = "probes", .corpus = made.test},
                 std::vector<MeasurementRows>{{"probe_comparison", {"task", "position", "n", "context"}, rows}}, {});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  return find_study_view("probes")->figures(reader, analysis);
}

}  // namespace

TEST_CASE("Probes are drawn beside their controls, and recall by place from either end") {
  const MeasuredValue whole, one = std::int64_t{1}, two = std::int64_t{2}, last = std::int64_t{-1};
  const MeasuredValue tested = std::int64_t{200};
  const std::vector<Figure> figures = figures_of({{"length", whole, tested, 83.0},
                                                  {"recall", whole, tested, 50.0},
                                                  {"recall", one, tested, 70.0},
                                                  {"recall", two, tested, 40.0},
                                                  {"recall", last, tested, 90.0}});
  REQUIRE(figures.size() == 3);
  CHECK(figures[0].charts[0].kind == ChartKind::kBar);
  CHECK(figures[0].table.rows.size() == 2);
  CHECK(figures[1].table.rows.size() == 2);
  CHECK(figures[2].table.rows.size() == 1);
  for (const Figure& figure : figures) {
    INFO(figure.table.key);
    for (const auto& row : figure.table.rows) CHECK(row.size() == figure.table.columns.size());
    for (const Chart& chart : figure.charts) {
      CHECK(has_column(figure.table, chart.x));
      CHECK(chart.series.size() == 5);
      for (const Series& series : chart.series) CHECK(has_column(figure.table, series.y));
    }
  }
  const auto& columns = figures[2].table.columns;
  const auto place = static_cast<std::size_t>(
      std::find_if(columns.begin(), columns.end(), [](const Column& column) { return column.key == "position"; }) -
      columns.begin());
  CHECK(std::get<std::int64_t>(figures[2].table.rows[0][place]) == 1);  // places from the end count up, too
}

TEST_CASE("Probes without places of recall have their bars alone") {
  CHECK(figures_of({{"length", MeasuredValue(), std::int64_t{200}, 83.0}}).size() == 1);
}
