#include "decode/ensemble_step_model.h"

#include <cmath>

#include "core/error.h"
#include "decode/search.h"
#include "tests/catch.h"
#include "tests/decode/copying_model.h"

namespace isthmus {
namespace {

using testing::random_table;
using testing::Table;
using testing::TableModel;

constexpr TokenId kVocabulary = 6;

std::unique_ptr<StepModel> ensemble(const std::vector<Table>& tables, const EnsembleOptions& options = {}) {
  std::vector<std::unique_ptr<StepModel>> members;
  for (const Table& table : tables) members.push_back(std::make_unique<TableModel>(kVocabulary, table));
  return std::make_unique<EnsembleStepModel>(std::move(members), options);
}

TEST_CASE("an ensemble searches the mean of its members' probabilities") {
  const std::vector<Table> tables = {random_table(kVocabulary, 1), random_table(kVocabulary, 2),
                                     random_table(kVocabulary, 3)};
  const Table mean = [&](const Sentence& source, const Sentence& prefix) {
    std::vector<double> sum(kVocabulary, 0.0);
    for (const Table& table : tables) {
      const std::vector<float> row = table(source, prefix);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += std::exp(static_cast<double>(row[i]));
    }
    return testing::normalised(sum);
  };
  SearchOptions options;
  options.beam = 4;
  options.nbest = 4;
  options.max_length_extra = 4;
  const std::vector<Sentence> sources = {{3, 4}, {5}, {4, 4, 4}};
  TableModel expected_model(kVocabulary, mean);
  const std::vector<NBest> expected = search(expected_model, sources, options);
  const std::vector<NBest> found = search(*ensemble(tables), sources, options);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    REQUIRE(found[s].size() == expected[s].size());
    for (std::size_t i = 0; i < found[s].size(); ++i) {
      CHECK(found[s][i].tokens == expected[s][i].tokens);
      CHECK(found[s][i].score == Approx(expected[s][i].score).epsilon(1e-5));
    }
  }
}

TEST_CASE("an ensemble of one model twice is that model") {
  const Table table = random_table(kVocabulary, 8);
  TableModel model(kVocabulary, table);
  const std::vector<Sentence> sources = {{3, 4, 5}};
  const Hypothesis alone = search(model, sources, SearchOptions{})[0][0];
  const Hypothesis twice = search(*ensemble({table, table}), sources, SearchOptions{})[0][0];
  CHECK(alone.tokens == twice.tokens);
  CHECK(alone.score == Approx(twice.score).epsilon(1e-5));
}

TEST_CASE("an ensemble's distribution is the weighted mean of probabilities or of their logarithms") {
  const std::vector<Table> tables = {random_table(kVocabulary, 1), random_table(kVocabulary, 2)};
  const std::vector<double> weights = GENERATE(std::vector<double>{3.0, 1.0}, std::vector<double>{1.5e308, 0.5e308});
  for (const EnsembleMean mean : {EnsembleMean::kProbability, EnsembleMean::kLogProbability}) {
    const auto model = ensemble(tables, {mean, weights});
    const std::vector<Sentence> sources = {{3, 4}};
    const std::vector<Sentence> more = {{5}};
    model->start(sources);
    model->add(more);
    const std::vector<TokenId> last = {kBegin, kBegin};
    const TokenScores<float>& scores = model->step(last);
    for (Index column = 0; column < 2; ++column) {
      const std::vector<float> a = tables[0](column == 0 ? sources[0] : more[0], {});
      const std::vector<float> b = tables[1](column == 0 ? sources[0] : more[0], {});
      std::vector<double> expected;
      for (std::size_t v = 0; v < a.size(); ++v) {
        expected.push_back(mean == EnsembleMean::kProbability
                               ? 0.75 * std::exp(static_cast<double>(a[v])) + 0.25 * std::exp(static_cast<double>(b[v]))
                               : std::exp(0.75 * static_cast<double>(a[v]) + 0.25 * static_cast<double>(b[v])));
      }
      const std::vector<float> normalised = testing::normalised(expected);
      for (TokenId v = 0; v < kVocabulary; ++v) {
        CHECK(scores.log_prob(v, column) == Approx(normalised[static_cast<std::size_t>(v)]).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("what one member holds for impossible stays possible in a mean of probabilities alone") {
  const Table possible = [](const Sentence&, const Sentence&) { return testing::normalised({1, 1, 1, 1, 1, 1}); };
  const Table impossible = [](const Sentence&, const Sentence&) {
    std::vector<float> row = testing::normalised({1, 1, 1, 1, 1, 1});
    row[4] = -std::numeric_limits<float>::infinity();
    return row;
  };
  const std::vector<Sentence> sources = {{3}};
  const std::vector<TokenId> last = {kBegin};
  for (const EnsembleMean mean : {EnsembleMean::kProbability, EnsembleMean::kLogProbability}) {
    const auto model = ensemble({possible, impossible}, {mean, {}});
    model->start(sources);
    CHECK(std::isfinite(model->step(last).log_prob(4, 0)) == (mean == EnsembleMean::kProbability));
  }
}

TEST_CASE("models with other vocabularies do not translate together") {
  const TranslationModel model = testing::copying_model();
  TokenizerOptions options;
  options.type = TokenizerType::kChar;
  const Tokenizer other = Tokenizer::train(options, std::vector<std::string>{"other letters"});
  const std::vector<std::string> paths = {"a.isthmus", "b.isthmus"};
  CHECK_THROWS_WITH(ensemble_of({model, {model.source, other, model.new_step_model}}, paths),
                    Catch::Matchers::Contains("b.isthmus: its vocabulary is not that of a.isthmus"));
  const TranslationModel both = ensemble_of({model, model}, paths);
  CHECK(both.new_step_model()->vocabulary_size() == static_cast<Index>(model.target.size()));
  const auto weighted = [&](std::vector<double> weights) {
    return ensemble_of({model, model}, paths, {EnsembleMean::kProbability, std::move(weights)});
  };
  CHECK_THROWS_WITH(weighted({1.0}), "--ensemble-weights has 1 weight for 2 models: give one for each");
  CHECK_THROWS_WITH(weighted({1.0, 0.0}), "--ensemble-weights: 0 is not above 0; leave that model out");
  CHECK_THROWS_WITH(weighted({1.0, std::nan("")}), "--ensemble-weights: nan is not a finite number");
}

}  // namespace
}  // namespace isthmus
