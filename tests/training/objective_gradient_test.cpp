// The gradients of objectives on whole sequences, through the whole model in double: differences of the true objective,
// with the candidates held fixed, against the one backward pass with the objective's weights.
#include <functional>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/model/tiny.h"
#include "training/objectives.h"

namespace isthmus {
namespace {

using test::random_sentences;
using test::random_values;
using test::tiny_options;

constexpr std::size_t kSources = 3;
constexpr std::size_t kCandidates = 4;

/// Sentences with candidates that stay, one of them a duplicate and one that ends at once, and rewards.
struct Fixture {
  explicit Fixture(const Seq2Seq<double>& model) {
    sources = random_sentences(kSources, 4, model.options().source_vocabulary, Random(1));
    candidates = random_sentences(kSources * kCandidates, 5, model.options().target_vocabulary, Random(2));
    candidates[1] = candidates[0];
    candidates[kCandidates + 2].clear();  // the end alone
    Random random(3);
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      source_of.push_back(static_cast<Index>(k / kCandidates));
      rewards.push_back(k == 1 ? rewards[0] : random.uniform());
    }
    source = model.pack_source(sources);
    target = model.pack_target(candidates);
  }
  CandidateScores scores(std::size_t sentence, const std::vector<double>& log_probs) const {
    CandidateScores scores;
    for (std::size_t k = sentence * kCandidates; k < (sentence + 1) * kCandidates; ++k) {
      scores.log_probs.push_back(log_probs[k]);
      scores.lengths.push_back(static_cast<double>(candidates[k].size() + 1));
      scores.rewards.push_back(rewards[k]);
      scores.masked.push_back(k == 1 ? 1 : 0);
    }
    return scores;
  }

  std::vector<Sentence> sources, candidates;
  std::vector<Index> source_of;
  std::vector<double> rewards;
  TokenGrid source, target;
};

using Function = std::function<ObjectiveValue(const CandidateScores&)>;

/// Runs the model with weights by candidate; the log-probability of each candidate.
std::vector<double> run(const Seq2Seq<double>& model, const Arena<double>& values, const Fixture& fixture,
                        const std::vector<double>& weights, Scratch<double>& scratch, GradientTerms<double>* terms) {
  const Packing& packing = fixture.target.packing;
  std::vector<double> by_column;
  std::vector<std::size_t> candidate_of;
  for (std::size_t t = 0; t < packing.alive.size(); ++t) {
    for (Index b = 0; b < packing.alive[t]; ++b) {
      candidate_of.push_back(static_cast<std::size_t>(fixture.target.sentence[static_cast<std::size_t>(b)]));
      by_column.push_back(weights[candidate_of.back()]);
    }
  }
  model.run(values, fixture.source, fixture.target, by_column,
            {.label_smoothing = 0.0, .dropout = std::nullopt, .source_of = fixture.source_of}, scratch, terms);
  std::vector<double> log_probs(fixture.candidates.size());
  for (std::size_t c = 0; c < candidate_of.size(); ++c) {
    log_probs[candidate_of[c]] += scratch.token_log_probs(static_cast<Index>(c));
  }
  return log_probs;
}

double value_of(const Seq2Seq<double>& model, const Arena<double>& values, const Fixture& fixture,
                const Function& objective, Scratch<double>& scratch) {
  const std::vector<double> none(fixture.candidates.size());
  const std::vector<double> log_probs = run(model, values, fixture, none, scratch, nullptr);
  double sum = 0;
  for (std::size_t i = 0; i < kSources; ++i) sum += objective(fixture.scores(i, log_probs)).value;
  return sum;
}

TEST_CASE("each objective's weights give its gradient through the whole model") {
  const std::vector<double> baselines = {0.2, 0.1, 0.6, 0.3};
  const std::vector<std::pair<std::string, Function>> objectives = {
      {"mrt", [](const CandidateScores& scores) { return mrt(scores, 0.3); }},
      {"risk", [](const CandidateScores& scores) { return risk(scores, 1.0); }},
      {"seqnll", [](const CandidateScores& scores) { return seqnll(scores); }},
      {"maxmargin", [](const CandidateScores& scores) { return maxmargin(scores); }},
      {"softmaxmargin", [](const CandidateScores& scores) { return softmaxmargin(scores); }},
      {"reinforce", [&](const CandidateScores& scores) { return reinforce(scores, baselines); }},
  };
  ModelOptions options = tiny_options();
  options.cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const Seq2Seq<double> model(options);
  const Fixture fixture(model);
  Scratch<double> scratch;
  for (const auto& [name, gradient] : objectives) {
    const auto& objective = gradient;  // Clang 14 captures no structured binding
    Arena<double> values = random_values<double>(model.layout(), Random(5));
    const std::vector<double> none(fixture.candidates.size());
    const std::vector<double> log_probs = run(model, values, fixture, none, scratch, nullptr);
    std::vector<double> weights;
    for (std::size_t i = 0; i < kSources; ++i) {
      const ObjectiveValue value = objective(fixture.scores(i, log_probs));
      weights.insert(weights.end(), value.weights.begin(), value.weights.end());
    }
    GradientTerms<double> terms(model.layout());
    run(model, values, fixture, weights, scratch, &terms);
    Arena<double> grads(model.layout());
    terms.evaluate(grads);
    REQUIRE(grads.flat().norm() > 1e-4);
    double worst = 0;
    for (Index j = 0; j < values.flat().size(); j += 7) {  // every seventh parameter: all tensors
      double& parameter = values.flat()(j);
      const double kept = parameter;
      constexpr double kStep = 2e-4;
      const auto at = [&](double change) {
        parameter = kept + change;
        return value_of(model, values, fixture, objective, scratch);
      };
      const double numeric = (8 * (at(kStep) - at(-kStep)) - (at(2 * kStep) - at(-2 * kStep))) / (12 * kStep);
      parameter = kept;
      worst = std::max(worst, std::abs(numeric - grads.flat()(j)));
    }
    INFO(name << ": worst difference " << worst);
    CHECK(worst < 1e-7 * std::max(1.0, static_cast<double>(grads.flat().cwiseAbs().maxCoeff())));
  }
}

}  // namespace
}  // namespace isthmus
