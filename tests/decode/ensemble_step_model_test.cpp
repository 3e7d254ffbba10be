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

std::unique_ptr<StepModel> ensemble(const std::vector<Table>& tables) {
  std::vector<std::unique_ptr<StepModel>> members;
  for (const Table& table : tables) members.push_back(std::make_unique<TableModel>(kVocabulary, table));
  return std::make_unique<EnsembleStepModel>(std::move(members));
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
}

}  // namespace
}  // namespace isthmus
