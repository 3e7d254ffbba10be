// The figures of the studies that change sources, and of rare words and time.
#include <algorithm>

#include "report/studies/intervals.h"
#include "report/studies/study_view.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::TemporaryFolder;

namespace {

using Row = std::vector<MeasuredValue>;

std::int64_t whole(int number) { return number; }

/// What the view of a study makes of such rows.
std::vector<Figure> figures_of(const std::string& kind, const MeasurementRows& rows) {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  const AnalysisId id =
      ledger.add(AnalysisRow{.run = made.evaluate, .kind = kind, .corpus = made.test}, std::vector{rows}, {});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  return find_study_view(kind)->figures(reader, id);
}

/// Every chart draws columns that its table has, and every row has a cell for each.
void check_whole(const std::vector<Figure>& figures) {
  for (const Figure& figure : figures) {
    const std::vector<Column>& columns = figure.table.columns;
    const auto has = [&](const std::string& key) {
      return key.empty() ||
             std::any_of(columns.begin(), columns.end(), [&](const Column& of) { return of.key == key; });
    };
    for (const auto& row : figure.table.rows) CHECK(row.size() == columns.size());
    CHECK_FALSE(figure.charts.empty());
    for (const Chart& chart : figure.charts) {
      CHECK(has(chart.x));
      CHECK(has(chart.group));
      for (const Series& series : chart.series) CHECK((has(series.y) && has(series.low) && has(series.high)));
    }
  }
}

}  // namespace

TEST_CASE("Changes of the order have names that say where the swap was") {
  const auto row = [](const char* change, MeasuredValue from, MeasuredValue to) {
    return Row{change, from, to, whole(4), 0.25};
  };
  const auto figures =
      figures_of("word-order", {.table = "word_order_change",
                                .columns = {"change", "from_distance", "to_distance", "sentences", "loss_rise"},
                                .rows = {row("swap", whole(0), whole(0)), row("swap", whole(3), whole(5)),
                                         row("swap", whole(21), {}), row("shuffle", {}, {})}});
  check_whole(figures);
  REQUIRE(figures.size() == 1);
  const Table& table = figures[0].table;
  REQUIRE(table.rows.size() == 4);
  CHECK(table.columns[1].key == "order");
  CHECK(std::get<std::string>(table.rows[0][1]) == "swap, 0 from the end");
  CHECK(std::get<std::string>(table.rows[1][1]) == "swap, 3–5 from the end");
  CHECK(std::get<std::string>(table.rows[2][1]) == "swap, 21 and more from the end");
  CHECK(std::get<std::string>(table.rows[3][1]) == "shuffle");
}

TEST_CASE("Memory is shown from either end, time alone and in batches, rare words measure by measure") {
  const auto memory =
      figures_of("memory", {.table = "memory_distance",
                            .columns = {"counted_from", "change", "distance", "sentences", "context_change", "thin"},
                            .rows = {Row{"end", "replace", whole(0), whole(4), 0.5, whole(0)},
                                     Row{"end", "drop", whole(0), whole(4), 0.5, whole(0)},
                                     Row{"begin", "replace", whole(0), whole(4), 0.1, whole(0)}}});
  check_whole(memory);
  REQUIRE(memory.size() == 2);
  CHECK(memory[0].table.rows.size() == 2);
  CHECK(memory[1].table.rows.size() == 1);

  const auto timed = [](int batch, int threads) {
    return Row{"greedy", whole(batch), whole(threads), whole(5), whole(3), 0.1, 0.1, 0.2, 9.0, 9.0, 18.0};
  };
  const auto cost = figures_of(
      "cost", {.table = "time_cost",
               .columns = {"operation", "batch", "threads", "length", "repetitions", "seconds", "seconds_low",
                           "seconds_high", "sentence_ms", "sentence_ms_low", "sentence_ms_high"},
               .rows = {timed(1, 1), timed(1, 2), timed(64, 1)}});
  check_whole(cost);
  REQUIRE(cost.size() == 2);
  CHECK(cost[0].table.rows.size() == 2);
  CHECK(std::get<std::string>(cost[0].table.rows[1].back()) == "greedy, batch 1, 2 threads");
  CHECK(std::get<std::string>(cost[1].table.rows[0].back()) == "greedy, batch 64, 1 thread");

  const auto rare = figures_of(
      "rare-words",
      {.table = "rare_word_quality",
       .columns = {"measure", "from_value", "to_value", "sentences", "mean_value", "mean_length", "compared", "thin"},
       .rows = {Row{"rare_words", 0.0, 0.0, whole(40), 0.0, 9.5, whole(40), whole(0)},
                Row{"rare_words", 5.0, {}, whole(4), 6.0, 9.5, whole(4), whole(1)},
                Row{"pieces_per_word", 1.0, 1.25, whole(4), 1.1, 9.5, whole(4), whole(0)}}});
  check_whole(rare);
  REQUIRE(rare.size() == 3);
  CHECK(std::get<std::string>(rare[0].table.rows[0][2]) == "0");
  CHECK(std::get<std::string>(rare[0].table.rows[1][2]) == "5 and more *");
  CHECK(std::get<std::string>(rare[1].table.rows[0][2]) == "1.00 to 1.25");
}

TEST_CASE("An interval is one column for people, and two for machines") {
  Table table{.columns = with_interval("bleu", "BLEU", 1), .rows = {{30.0, 28.04, 31.96}, {10.0, {}, {}}}};
  show_intervals(table);
  REQUIRE(table.columns.size() == 4);
  CHECK(table.columns[1].audience == Audience::kPeople);
  CHECK(table.columns[2].key == "bleu_low");
  CHECK(std::get<std::string>(table.rows[0][1]) == "[28.0, 32.0]");
  CHECK(std::holds_alternative<std::monostate>(table.rows[1][1]));
}
