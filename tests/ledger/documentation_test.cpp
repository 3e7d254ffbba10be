// docs/ledger.md: its queries run, and it names every table, view and column.
#include <fstream>
#include <regex>
#include <sstream>

#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/context_edit_rows.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::Sql;
using isthmus::test::TemporaryFolder;

namespace {

std::string documentation() {
  std::ifstream file(ISTHMUS_SOURCE_DIR "/docs/ledger.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What stands in the blocks of code of that language.
std::vector<std::string> blocks(const std::string& text, const std::string& language) {
  std::vector<std::string> found;
  const std::string open = "\n```" + language + "\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find("\n```", at);
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

std::vector<std::string> queries(const std::string& text) {
  std::vector<std::string> found;
  const std::regex one_liner("sqlite3 (?:-[a-z]+ )+ledger\\.sqlite \"([^\"]+)\"");
  for (const std::string& block : blocks(text, "sh")) {
    for (std::sregex_iterator match(block.begin(), block.end(), one_liner); match != std::sregex_iterator(); ++match) {
      found.push_back((*match)[1]);
    }
  }
  for (const std::string& block : blocks(text, "sql")) {
    std::istringstream statements(block);
    for (std::string statement; std::getline(statements, statement, ';');) {
      if (statement.find_first_not_of(" \n") != std::string::npos) found.push_back(statement);
    }
  }
  return found;
}

/// The studies that train.
void fill_training_studies(Ledger& ledger, RunId run, CorpusId corpus) {
  const auto add = [&](const char* kind, std::vector<MeasurementRows> rows) {
    ledger.add(AnalysisRow{.run = run, .kind = kind, .corpus = corpus}, rows, {});
  };
  const std::int64_t few = 4;
  add("cells", {{"cell_quality",
                 {"matched", "cell", "hidden", "parameters", "long_sentences"},
                 {{std::string("size"), std::string("gru"), few, few, few}}},
                {"cell_difference",
                 {"matched", "cell", "baseline", "quantity"},
                 {{std::string("size"), std::string("gru"), std::string("lstm"), std::string("BLEU")}}}});
  add("capacity",
      {{"capacity_model", {"cell", "hidden", "context_size", "parameters"}, {{std::string("lstm"), few, few, few}}},
       {"capacity_bin",
        {"model", "cell", "hidden", "from_length", "to_length", "sentences", "mean_length", "thin"},
        {{std::string("lstm 4"), std::string("lstm"), few, few, few, few, 4.0, std::int64_t{0}}}}});
  add("cures", {{"cure_quality",
                 {"cure", "role", "parameters", "long_sentences"},
                 {{std::string("reversed source"), std::string("cure"), few, few}}}});
}

/// The studies of changed sources, rare words and time.
void fill_word_studies(Ledger& ledger, RunId run, CorpusId corpus) {
  const std::int64_t one = 1;
  const auto add = [&](const char* kind, MeasurementRows rows) {
    ledger.add(AnalysisRow{.run = run, .kind = kind, .corpus = corpus}, std::vector{std::move(rows)},
               std::vector<FindingRow>{{.name = "context_half_life", .unit = "pieces"}});
  };
  add("rare-words", {.table = "rare_word_quality",
                     .columns = {"measure", "from_value", "sentences", "mean_value", "mean_length", "compared", "thin"},
                     .rows = {{"rare_words", 0.0, one, 0.0, 9.5, one, one}}});
  add("word-order", {.table = "word_order_change", .columns = {"change", "sentences"}, .rows = {{"shuffle", one}}});
  add("memory", {.table = "memory_distance",
                 .columns = {"counted_from", "change", "distance", "sentences", "thin"},
                 .rows = {{"end", "replace", one, one, one}}});
  add("cost", {.table = "time_cost",
               .columns = {"operation", "batch", "threads", "length", "repetitions", "seconds", "seconds_low",
                           "seconds_high", "sentence_ms", "sentence_ms_low", "sentence_ms_high"},
               .rows = {{"greedy", one, one, one, one, 0.1, 0.1, 0.1, 100.0, 100.0, 100.0}}});
}

/// A row of each table of the studies rank, saturation and map.
std::vector<MeasurementRows> geometry() {
  using namespace std::string_literals;
  const std::int64_t one = 1;
  return {{"rank_figures",
           {"part", "subject", "sentences", "dimensions", "effective_rank", "participation_ratio", "axes_90", "axes_95",
            "axes_99"},
           {{"hidden"s, "model"s, one, one, 1.0, 1.0, one, one, one}}},
          {"rank_axes", {"part", "axis", "share"}, {{"hidden"s, one, 1.0}}},
          {"gate_figures",
           {"side", "layer", "direction", "gate", "activation", "units", "steps", "mean", "left_share", "right_share",
            "saturated", "stuck_units", "untrained_mean", "untrained_left_share", "untrained_right_share",
            "untrained_saturated", "untrained_stuck_units"},
           {{"encoder"s, one, "forward"s, "forget"s, "sigmoid"s, one, one, 0.5, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0,
             0.0}}},
          {"gate_bins",
           {"side", "layer", "direction", "gate", "activation", "from_value", "to_value", "share", "untrained_share"},
           {{"encoder"s, one, "forward"s, "forget"s, "sigmoid"s, 0.5, 0.55, 1.0, 1.0}}},
          {"map_points", {"line", "x", "y", "untrained_x", "untrained_y"}, {{one, 0.0, 0.0, 0.0, 0.0}}},
          {"map_neighbours",
           {"line", "rank", "neighbour", "cosine", "edits", "distance", "untrained_neighbour", "untrained_cosine",
            "untrained_distance"},
           {{one, one, one + 1, 0.5, one, 0.5, one + 1, 0.5, 0.5}}},
          {"map_similarity", {"from_distance", "to_distance", "pairs", "shuffled_pairs"}, {{0.9, 1.0, one, one}}}};
}

/// Two training runs, candidates of the first, two decodes of one corpus and a study.
void fill(Ledger& ledger) {
  const auto made = small_ledger(ledger, "lstm");
  for (const std::int64_t updates : {100, 200}) ledger.add(isthmus::test::candidate_set(made.train, updates, 17));
  ledger.add(DecodeRow{.run = made.evaluate, .corpus = made.test},
             isthmus::test::rows_of(isthmus::test::SmallCorpus().references));
  ledger.add(ComparisonRow{.scoring = ScoringId(1), .baseline = ScoringId(1), .test = "bootstrap"});
  small_ledger(ledger, "gru");
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "length", .corpus = made.test},
             std::vector{measurements_of(
                 std::vector<LengthQualityRow>{{.metric = "bleu", .from = 1, .to = 5, .sentences = 4}})},
             std::vector<FindingRow>{{.name = "half_length", .unit = "words"}});
  ledger.add(
      AnalysisRow{.run = made.evaluate, .kind = "attention", .corpus = made.test},
      std::vector<MeasurementRows>{{.table = "attention_weight",
                                    .columns = {"line", "t", "s", "target_piece", "source_piece", "weight"},
                                    .rows = {{std::int64_t{1}, std::int64_t{0}, std::int64_t{0}, "ein", "a", 0.75}}},
                                   {.table = "attention_measure",
                                    .columns = {"measure", "unit", "value", "low", "high", "uniform"},
                                    .rows = {{"entropy", "nats", 1.5, 1.4, 1.6, 2.5}}}},
      {});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "probes", .corpus = made.test},
             std::vector<MeasurementRows>{
                 {"probe_comparison", {"task", "n", "context"}, {{"length", 200, 83.0}}},
                 {"probe", {"task", "features", "labels", "seed", "n"}, {{"length", "context", "true", 1, 200}}}},
             {});
  fill_training_studies(ledger, made.evaluate, made.test);
  fill_word_studies(ledger, made.evaluate, made.test);
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "map", .corpus = made.test}, geometry(), {});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "noise", .corpus = made.test},
             isthmus::test::context_edit_rows(), std::vector<FindingRow>{});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "gradients", .checkpoint = made.checkpoint, .corpus = made.test},
             std::vector<MeasurementRows>{{"gradient_norm",
                                           {"quantity", "weights", "direction", "distance", "sentences"},
                                           {{"state", "trained", "forward", std::int64_t{1}, std::int64_t{4}}}}},
             std::vector<FindingRow>{});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "reconstruction", .corpus = made.test},
             std::vector<MeasurementRows>{
                 {"reconstruction_accuracy",
                  {"scope", "contexts", "from_number", "to_number", "sentences", "pieces"},
                  {{"position", "own", std::int64_t{1}, std::int64_t{1}, std::int64_t{4}, std::int64_t{4}}}}},
             std::vector<FindingRow>{});
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "length-units", .corpus = made.test},
             std::vector<MeasurementRows>{
                 {"length_unit", {"side", "variant", "units"}, {{"encoder", "trained", std::int64_t{1}}}},
                 {"length_unit_value",
                  {"side", "line", "step", "number"},
                  {{"decoder", std::int64_t{1}, std::int64_t{1}, std::int64_t{1}}}}},
             std::vector<FindingRow>{});
}

}  // namespace

TEST_CASE("The queries of docs/ledger.md run and find something") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("ledger.sqlite"));
  fill(ledger);
  Sql sql(folder.file("ledger.sqlite"));
  const std::vector<std::string> all = queries(documentation());
  REQUIRE(all.size() >= 18);
  for (const std::string& query : all) {
    INFO(query);
    std::size_t rows = 0;
    REQUIRE_NOTHROW(rows = sql.rows(query));
    const bool selects = query.find("SELECT") != std::string::npos && query.find("DELETE") == std::string::npos;
    if (selects) CHECK(rows > 0);
  }
}

TEST_CASE("The formula of docs/ledger.md gives the BLEU of the view") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  fill(ledger);
  Sql sql(folder.file("l"));
  for (std::string query : queries(documentation())) {
    const std::string condition = "AND sentence.source LIKE '%e%'";
    const std::size_t at = query.find(condition);
    if (at == std::string::npos) continue;
    query.erase(at, condition.size());
    CHECK(sql.number("SELECT bleu FROM bleu WHERE scoring = 1") > 0);
    CHECK(sql.number(query) == Approx(sql.number("SELECT bleu FROM bleu WHERE scoring = 1")).epsilon(1e-12));
    return;
  }
  FAIL("the formula is gone");
}

TEST_CASE("docs/ledger.md names every table, view and column") {
  const TemporaryFolder folder;
  Ledger::open(folder.file("l"));
  Sql sql(folder.file("l"));
  const std::string text = documentation();
  std::vector<std::string> names =
      sql.column("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'");
  CHECK(names.size() >= 42);
  for (const std::string& name : names) {
    INFO(name);
    const std::size_t at = text.find("\n| `" + name + "`");
    if (name == "bleu_scores") {  // described together with bleu_sums
      CHECK(text.find("`bleu_scores`") != std::string::npos);
      continue;
    }
    REQUIRE(at != std::string::npos);
    if (name == "bleu_sums") continue;
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    for (const std::string& column : sql.column("SELECT name FROM pragma_table_info('" + name + "')")) {
      const bool numbered = std::isdigit(static_cast<unsigned char>(column.back())) && column.back() > '1' &&
                            column.back() < '4';  // "match1 … match4"
      if (column == "id" || numbered) continue;
      INFO(column);
      CHECK(line.find("`" + column + "`") != std::string::npos);
    }
  }
}
