#include "analysis/attention.h"

#include <algorithm>
#include <cmath>

#include "analysis/study.h"
#include "core/error.h"
#include "ledger/ledger_reader.h"
#include "tests/analysis/bench.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::made_model;
using isthmus::test::random_lines;
using isthmus::test::tensor_named;

namespace {

constexpr std::size_t kWords = 12;
constexpr const char* kBright = "w5";

ModelOptions attending() {
  ModelOptions options = test::tiny_options();
  options.cell = CellType::kTanh;
  options.attention = AttentionType::kBahdanau;
  return options;
}

/// A score that only asks whether an annotation is of the word w5.
void plant_one_word(Arena<float>& values) {
  for (const char* name : {"encoder.0.forward.recurrent_weights", "encoder.0.forward.bias", "attention.query.weights",
                           "attention.key.weights", "attention.key.bias", "attention.combination"}) {
    tensor_named(values, name).setZero();
  }
  auto embedding = tensor_named(values, "encoder.embedding");
  embedding.setZero();
  embedding.row(0).setConstant(-5);
  embedding(0, made_model(attending(), kWords)->source.encode(kBright).front()) = 5;
  auto input = tensor_named(values, "encoder.0.forward.input_weights");
  input.setZero();
  input(0, 0) = 1;
  tensor_named(values, "attention.key.weights")(0, 0) = 3;
  tensor_named(values, "attention.combination")(0, 0) = 20;
}

void plant_nothing(Arena<float>& values) { tensor_named(values, "attention.combination").setZero(); }

/// Sources of nine other words with one w5 among them, anywhere.
std::vector<std::string> sources_with_one(std::size_t count) {
  std::vector<std::string> lines(count);
  Random random(3);
  for (std::string& line : lines) {
    const std::size_t place = random.below(10);
    for (std::size_t i = 0; i < 10; ++i) {
      line += (i > 0 ? " " : "") + (i == place ? kBright : "w" + std::to_string(6 + random.below(6)));
    }
  }
  return lines;
}

StudyResult study(const std::function<void(Arena<float>&)>& plant, const StudyOptions& options = {},
                  std::int64_t threads = 1) {
  std::vector<std::string> sources = sources_with_one(40), references = random_lines(40, 9, kWords, Random(2));
  sources[2].clear();     // neither has
  references[4].clear();  // anything to look at
  Laboratory laboratory(made_model(attending(), kWords, plant), {.sources = sources, .references = references},
                        {.threads = threads, .batch = 7});
  return attention_study(laboratory, options);
}

double value_of(const StudyResult& result, const std::string& name) {
  const auto found = std::find_if(result.findings.begin(), result.findings.end(),
                                  [&name](const FindingRow& row) { return row.name == name; });
  REQUIRE(found != result.findings.end());
  return found->value.value();
}

}  // namespace

TEST_CASE("Sums of attention are those of its definition, on the diagonal and where it is uniform") {
  // Four source pieces and the end, four target pieces and the end.
  Alignment diagonal = Alignment::Zero(5, 5);
  for (Index t = 0; t < 5; ++t) diagonal(t, t) = 1;
  const AttentionSums sharp = attention_sums(diagonal);
  CHECK(sharp.targets == 4);
  CHECK(sharp.steps == 3);
  CHECK(sharp.entropy == Approx(0));
  CHECK(sharp.end == 0);
  CHECK(sharp.distance == Approx(0));
  CHECK(sharp.onward == 3);
  CHECK(sharp.standing == 0);

  const Alignment reversed = diagonal.colwise().reverse();  // the first piece looks at the end, the others backwards
  const AttentionSums back = attention_sums(reversed);
  CHECK(back.end == Approx(1));
  CHECK(back.distance == Approx(0.5 + 0 + 0.5));  // places 3, 2, 1 of pieces 1, 2, 3
  CHECK(back.onward == 1);                        // of no weight, the first piece's largest is the first
  CHECK(back.standing == 0);

  const AttentionSums flat = attention_sums(Alignment::Constant(5, 5, 0.2F));
  CHECK(flat.entropy == Approx(flat.uniform_entropy).epsilon(1e-6));
  CHECK(flat.uniform_entropy == Approx(4 * std::log(5)));
  CHECK(flat.distance == Approx(flat.uniform_distance).epsilon(1e-6));
  CHECK(flat.end == Approx(flat.uniform_end).epsilon(1e-6));
  CHECK(flat.uniform_onward == Approx(3 * 5.0 / 8));
  CHECK(flat.uniform_standing == Approx(3 / 4.0));
}

TEST_CASE("Attention that was planted on one word is found there") {
  const StudyResult result = study(plant_one_word);
  CHECK(value_of(result, "entropy") < 0.01);
  CHECK(value_of(result, "uniform_entropy") == Approx(std::log(11)));
  CHECK(value_of(result, "standing_share") == 1);
  CHECK(value_of(result, "uniform_standing_share") == Approx(0.1));
  CHECK(value_of(result, "end_share") < 0.01);
  CHECK_THAT(result.verdict, Catch::Contains("spread over as many as 1.0 places"));
  CHECK_THAT(result.verdict, Catch::Contains("nearer to the diagonal than by chance cannot be told"));

  REQUIRE(result.tables.size() == 2);
  const MeasurementRows& weights = result.tables[1];
  CHECK(weights.table == "attention_weight");
  std::int64_t last_line = 0, lines = 0;
  for (const auto& row : weights.rows) {
    if (std::get<std::int64_t>(row[0]) != last_line) ++lines;
    last_line = std::get<std::int64_t>(row[0]);
    CHECK((last_line != 3 && last_line != 5));
    const bool bright = std::get<std::string>(row[4]).ends_with(kBright);
    CHECK(std::get<double>(row[5]) == Approx(bright ? 1 : 0).margin(1e-6));
  }
  CHECK(lines == 20);
  CHECK(std::get<std::string>(weights.rows[10][4]) == "</s>");
}

TEST_CASE("Of attention that picks nothing out the study says so") {
  const StudyResult result = study(plant_nothing);
  for (const char* name : {"entropy", "distance", "end_share"}) {
    CHECK(value_of(result, name) == Approx(value_of(result, std::string("uniform_") + name)).epsilon(1e-5));
  }
  CHECK_THAT(result.verdict, Catch::Contains("narrower than uniform ones cannot be told"));
  CHECK_THAT(result.meaning, Catch::StartsWith("Nothing tells that this attention picks anything out"));
}

TEST_CASE(
    "The attention study does not depend on threads, keeps as many sentences as asked, and may read translations") {
  StudyOptions options;
  options.attention.sentences = 3;
  const StudyResult one = study({}, options, 1), two = study({}, options, 2);
  CHECK(one.verdict == two.verdict);
  CHECK(one.tables[1].rows == two.tables[1].rows);
  CHECK(std::get<std::int64_t>(one.tables[1].rows.back()[0]) == 4);  // the third line is empty
  options.attention.target = AttentionTarget::kTranslation;
  CHECK(study({}, options).tables[1].rows != one.tables[1].rows);
  options.attention.sentences = 0;
  CHECK(study({}, options).tables[1].rows.empty());
}

TEST_CASE("The attention study is not for models without attention") {
  Laboratory laboratory(made_model(test::tiny_options(), kWords), {.sources = {"w1"}, .references = {"w2"}}, {});
  CHECK_THROWS_AS(attention_study(laboratory, {}), NotApplicable);
  CHECK_THROWS_WITH(attention_study(laboratory, {}), Catch::Contains("has no attention"));
}

TEST_CASE("The rows of the attention study go into the ledger and come back") {
  const test::TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = test::small_ledger(ledger, "lstm");
  const StudyResult result = study(plant_one_word);
  const AnalysisId analysis = ledger.add(AnalysisRow{.run = made.evaluate, .kind = "attention", .corpus = made.test},
                                         result.tables, result.findings);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(reader.measurements(analysis, "attention_weight", result.tables[1].columns).rows == result.tables[1].rows);
  CHECK(test::Sql(folder.file("l")).integer("SELECT count(DISTINCT line) FROM attention_weights WHERE weight > 0.9") ==
        20);
}
