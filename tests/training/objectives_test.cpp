#include "training/objectives.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>

#include "core/random.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Objective {
  std::string name;
  std::function<ObjectiveValue(const CandidateScores&)> evaluate;
  bool masks = true;
};

std::vector<Objective> objectives() {
  return {
      {"mrt", [](const CandidateScores& scores) { return mrt(scores, 0.3); }},
      {"mrt, small alpha", [](const CandidateScores& scores) { return mrt(scores, 5e-3); }},
      {"risk", [](const CandidateScores& scores) { return risk(scores, 1.0); }},
      {"seqnll", seqnll},
      {"maxmargin", maxmargin},
      {"softmaxmargin", softmaxmargin},
      {"reinforce, no baseline",
       [](const CandidateScores& scores) { return reinforce(scores, std::vector<double>(scores.rewards.size(), 0.0)); },
       false},
      {"reinforce, mean",
       [](const CandidateScores& scores) { return reinforce(scores, mean_baseline(scores.rewards)); }, false},
      {"reinforce, leave one out",
       [](const CandidateScores& scores) { return reinforce(scores, leave_one_out_baseline(scores.rewards)); }, false},
  };
}

CandidateScores random_scores(std::uint64_t seed, std::size_t count) {
  Random random = Random(seed).split(count);
  CandidateScores scores;
  for (std::size_t k = 0; k < count; ++k) {
    scores.lengths.push_back(static_cast<double>(1 + random.below(12)));
    scores.log_probs.push_back(-scores.lengths.back() * 3.0 * random.uniform());
    scores.rewards.push_back(random.uniform());
    scores.masked.push_back(0);
  }
  return scores;
}

void append(CandidateScores& scores, double log_prob, double length, double reward, char masked) {
  scores.log_probs.push_back(log_prob);
  scores.lengths.push_back(length);
  scores.rewards.push_back(reward);
  scores.masked.push_back(masked);
}

double sum_of(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST_CASE("the weights of every objective are its differences") {
  for (const Objective& objective : objectives()) {
    INFO(objective.name);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CandidateScores scores = random_scores(seed, 2 + seed % 7);
      if (seed % 3 == 0) scores.masked[1] = 1;
      const std::vector<double> weights = objective.evaluate(scores).weights;
      REQUIRE(weights.size() == scores.log_probs.size());
      for (std::size_t k = 0; k < weights.size(); ++k) {
        const double step = 1e-5;
        CandidateScores more = scores;
        CandidateScores less = scores;
        more.log_probs[k] += step;
        less.log_probs[k] -= step;
        const double slope = (objective.evaluate(more).value - objective.evaluate(less).value) / (2.0 * step);
        REQUIRE(slope == Approx(-weights[k]).epsilon(0).margin(1e-8));
      }
    }
  }
}

TEST_CASE("values are what the formulas say") {
  CandidateScores scores;
  append(scores, std::log(0.5), 1, 0.2, 0);
  append(scores, std::log(0.25), 2, 1.0, 0);
  CHECK(mrt(scores, 1.0).value == Approx(2.0 / 3 * 0.8));
  CHECK(mrt(scores, 1.0).q[0] == Approx(2.0 / 3));
  CHECK(mrt(scores, 2.0).q[0] == Approx(4.0 / 5));
  // Both have the score log .5.
  CHECK(risk(scores, 1.0).value == Approx(0.4));
  CHECK(risk(scores, 1.0).weights[1] == Approx(0.5 * (1.0 - 0.6) / 2));
  CHECK(seqnll(scores).value == Approx(std::log(2.0)));
  CHECK(seqnll(scores).weights[1] == Approx(0.5 / 2));
  CHECK(maxmargin(scores).value == Approx(0.8));
  CHECK(maxmargin(scores).weights == std::vector<double>{-1.0, 0.5});
  CHECK(softmaxmargin(scores).value == Approx(std::log(std::exp(0.8) + 1.0)));
  CHECK(reinforce(scores, std::vector<double>{0.6, 0.6}).value ==
        Approx(-(-0.4 * std::log(0.5) + 0.4 * std::log(0.25)) / 2));
  CHECK(reinforce(scores, std::vector<double>{0.6, 0.1}).weights[1] == Approx(0.45));
}

TEST_CASE("the margin is kept once the target leads by the difference of the costs") {
  CandidateScores scores;
  append(scores, -1.0, 1, 0.9, 0);
  append(scores, -1.5, 1, 0.5, 0);
  append(scores, -9.0, 1, 0.0, 0);
  CHECK(maxmargin(scores).value == 0.0);
  CHECK(maxmargin(scores).weights == std::vector<double>(3, 0.0));
  scores.log_probs[2] = -1.2;  // not the most probable of the others by chance, but the worst offender
  scores.log_probs[1] = -1.1;
  CHECK(maxmargin(scores).value == Approx(0.9 - 0.2));
  CHECK(maxmargin(scores).weights == std::vector<double>{1.0, 0.0, -1.0});
}

TEST_CASE("of equally good candidates the target is the more probable one, then the first") {
  CandidateScores scores;
  append(scores, -3.0, 1, 0.5, 0);
  append(scores, -2.0, 1, 0.9, 0);
  append(scores, -1.0, 1, 0.9, 0);
  append(scores, -1.0, 1, 0.9, 0);
  append(scores, -0.5, 1, 1.0, 1);        // masked
  append(scores, -kInfinity, 1, 1.0, 0);  // cannot be had
  const std::vector<double> weights = seqnll(scores).weights;
  for (std::size_t k = 0; k < weights.size(); ++k) CHECK((weights[k] > 0.0) == (k == 2));
  CHECK(softmaxmargin(scores).weights[2] > 0.0);
}

TEST_CASE("duplicates that are masked change nothing") {
  for (const Objective& objective : objectives()) {
    if (!objective.masks) continue;
    INFO(objective.name);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const CandidateScores scores = random_scores(seed, 5);
      const ObjectiveValue before = objective.evaluate(scores);
      CandidateScores with_duplicates = scores;
      append(with_duplicates, scores.log_probs[0], scores.lengths[0], scores.rewards[0], 1);
      append(with_duplicates, -0.01, 3, 1.0, 1);
      const ObjectiveValue after = objective.evaluate(with_duplicates);
      // To rounding: a longer array may be summed in another order.
      const auto near = [](double value) { return Approx(value).epsilon(1e-12).margin(1e-15); };
      REQUIRE(after.value == near(before.value));
      for (std::size_t k = 0; k < scores.log_probs.size(); ++k) {
        REQUIRE(after.weights[k] == near(before.weights[k]));
        if (!before.q.empty()) REQUIRE(after.q[k] == near(before.q[k]));
      }
      for (std::size_t k = scores.log_probs.size(); k < after.weights.size(); ++k) {
        REQUIRE(after.weights[k] == 0.0);
        if (!after.q.empty()) REQUIRE(after.q[k] == 0.0);
      }
    }
  }
}

TEST_CASE("in REINFORCE every sample counts, also a duplicate") {
  CandidateScores scores = random_scores(1, 4);
  const std::vector<double> baselines = leave_one_out_baseline(scores.rewards);
  const ObjectiveValue all = reinforce(scores, baselines);
  scores.masked[2] = 1;
  CHECK(reinforce(scores, baselines).value == all.value);
  CHECK(reinforce(scores, baselines).weights == all.weights);
}

TEST_CASE("a constant reward gives risks and baselines no gradient, to the last bit") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CandidateScores scores = random_scores(seed, 1 + seed % 20);
    const double reward = Random(seed).uniform();
    for (double& r : scores.rewards) r = reward;
    if (seed % 4 == 0) {
      scores.masked[0] = 1;
      scores.rewards[0] = 0.25;
    }
    for (const ObjectiveValue& result : {mrt(scores, 5e-3), mrt(scores, 1.0), risk(scores, 1.0)}) {
      for (const double weight : result.weights) REQUIRE(weight == 0.0);
    }
    if (seed % 4 == 0 || scores.rewards.size() < 2) continue;
    for (const std::vector<double>& baselines :
         {mean_baseline(scores.rewards), leave_one_out_baseline(scores.rewards)}) {
      for (const double weight : reinforce(scores, baselines).weights) REQUIRE(weight == 0.0);
    }
  }
}

TEST_CASE("a single candidate teaches nothing where candidates are compared") {
  for (const bool others_masked : {false, true}) {
    CandidateScores scores;
    append(scores, -4.5, 3, 0.3, 0);
    if (others_masked) append(scores, -4.5, 3, 0.3, 1);
    for (const Objective& objective : objectives()) {
      if (!objective.masks) continue;
      INFO(objective.name);
      for (const double weight : objective.evaluate(scores).weights) CHECK(weight == 0.0);
    }
    CHECK(mrt(scores, 0.5).value == Approx(0.7));
    CHECK(mrt(scores, 0.5).q[0] == 1.0);
  }
  CHECK(leave_one_out_baseline(std::vector<double>{0.3}) == std::vector<double>{0.0});
}

TEST_CASE("candidates that are all equal share equally and cancel out") {
  CandidateScores scores;
  for (int k = 0; k < 4; ++k) append(scores, -7.0, 5, 0.4, 0);
  for (const ObjectiveValue& result : {mrt(scores, 0.1), risk(scores, 1.0)}) {
    CHECK(result.q == std::vector<double>(4, 0.25));
    CHECK(result.weights == std::vector<double>(4, 0.0));
    CHECK(result.value == Approx(0.6));
  }
  for (const ObjectiveValue& result : {seqnll(scores), softmaxmargin(scores)}) {
    CHECK(result.q == std::vector<double>(4, 0.25));
    CHECK(sum_of(result.weights) == Approx(0.0).margin(1e-15));
  }
  CHECK(maxmargin(scores).value == 0.0);
}

TEST_CASE("a candidate without probability counts nowhere, and far ones do no harm") {
  for (const Objective& objective : objectives()) {
    INFO(objective.name);
    CandidateScores scores = random_scores(3, 4);
    scores.log_probs[1] = -kInfinity;
    scores.log_probs[2] = -1e6;
    const ObjectiveValue result = objective.evaluate(scores);
    CHECK(std::isfinite(result.value));
    CHECK(result.weights[1] == 0.0);
    for (const double weight : result.weights) CHECK(std::isfinite(weight));
    if (!result.q.empty()) {
      CHECK(result.q[1] == 0.0);
      CHECK(sum_of(result.q) == Approx(1.0));
    }
    for (double& log_prob : scores.log_probs) log_prob = -kInfinity;
    const ObjectiveValue nothing = objective.evaluate(scores);
    CHECK(nothing.value == 0.0);
    CHECK(nothing.weights == std::vector<double>(4, 0.0));
  }
}

TEST_CASE("log-probabilities far below what exp can hold give the same as near ones") {
  CandidateScores near = random_scores(5, 6);
  for (double& length : near.lengths) length = 4;
  CandidateScores far = near;
  for (double& log_prob : far.log_probs) log_prob -= 4000.0;
  for (const Objective& objective : objectives()) {
    if (!objective.masks) continue;
    INFO(objective.name);
    for (std::size_t k = 0; k < 6; ++k) {
      CHECK(objective.evaluate(far).weights[k] == Approx(objective.evaluate(near).weights[k]).margin(1e-12));
    }
  }
}

TEST_CASE("baselines are means") {
  const std::vector<double> rewards = {0.1, 0.4, 1.0};
  for (const double baseline : mean_baseline(rewards)) CHECK(baseline == Approx(0.5));
  const std::vector<double> others = leave_one_out_baseline(rewards);
  CHECK(others[0] == Approx(0.7));
  CHECK(others[1] == Approx(0.55));
  CHECK(others[2] == Approx(0.25));
  CHECK(mean_baseline({}).empty());
  CHECK(leave_one_out_baseline({}).empty());
}

TEST_CASE("diagnostics tell a peak from a plain") {
  CandidateScores scores = random_scores(2, 4);
  const CandidateDiagnostics flat = diagnostics(scores, std::vector<double>(4, 0.25));
  CHECK(flat.entropy == Approx(std::log(4.0)));
  CHECK(flat.top1_mass == 0.25);
  CHECK(flat.effective_sample_size == Approx(4.0));
  CHECK(flat.unique == 1.0);
  scores.masked[3] = 1;
  const CandidateDiagnostics peak = diagnostics(scores, std::vector<double>{0, 1, 0, 0});
  CHECK(peak.entropy == 0.0);
  CHECK(peak.top1_mass == 1.0);
  CHECK(peak.effective_sample_size == 1.0);
  CHECK(peak.unique == 0.75);
  CHECK(diagnostics(scores, {}).effective_sample_size == 0.0);
}

/// A policy over three outputs with known rewards, of which the first is favoured at first and the second is best.
class Bandit {
 public:
  std::vector<double> probabilities() const {
    double sum = 0.0;
    for (const double logit : logits_) sum += std::exp(logit);
    std::vector<double> result;
    for (const double logit : logits_) result.push_back(std::exp(logit) / sum);
    return result;
  }

  /// The candidates are the outputs of these numbers.
  CandidateScores scores(const std::vector<std::size_t>& outputs) const {
    const std::vector<double> p = probabilities();
    CandidateScores scores;
    for (const std::size_t output : outputs) append(scores, std::log(p[output]), 1, rewards_[output], 0);
    return scores;
  }

  void step(const std::vector<std::size_t>& outputs, const std::vector<double>& weights, double rate) {
    const std::vector<double> p = probabilities();
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      for (std::size_t j = 0; j < p.size(); ++j) {
        logits_[j] += rate * weights[k] * ((j == outputs[k] ? 1.0 : 0.0) - p[j]);
      }
    }
  }

 private:
  std::vector<double> logits_ = {2.0, 0.0, 0.5};
  std::vector<double> rewards_ = {0.2, 0.9, 0.5};
};

TEST_CASE("a bandit of three outputs learns to give the best one under every objective") {
  const std::vector<std::size_t> outputs = {0, 1, 2};
  for (const Objective& objective : {
           Objective{"mrt", [](const CandidateScores& scores) { return mrt(scores, 1.0); }},
           Objective{"mrt, smaller alpha", [](const CandidateScores& scores) { return mrt(scores, 0.3); }},
           Objective{"risk", [](const CandidateScores& scores) { return risk(scores, 1.0); }},
           Objective{"seqnll", seqnll},
           Objective{"softmaxmargin", softmaxmargin},
       }) {
    INFO(objective.name);
    Bandit bandit;
    for (int update = 0; update < 4000; ++update) {
      bandit.step(outputs, objective.evaluate(bandit.scores(outputs)).weights, 1.0);
    }
    CHECK(bandit.probabilities()[1] > 0.98);
  }
}

TEST_CASE("the margin loss stops where the best output leads by its reward") {
  const std::vector<std::size_t> outputs = {0, 1, 2};
  Bandit bandit;
  for (int update = 0; update < 2000; ++update) {
    bandit.step(outputs, maxmargin(bandit.scores(outputs)).weights, 0.01);
  }
  const std::vector<double> p = bandit.probabilities();
  CHECK(std::log(p[1] / p[0]) >= 0.7 - 0.03);
  CHECK(std::log(p[1] / p[2]) >= 0.4 - 0.03);
  CHECK(p[1] < 0.7);
}

TEST_CASE("a bandit learns from samples by REINFORCE, with any baseline") {
  for (int baseline = 0; baseline < 3; ++baseline) {
    Bandit bandit;
    Random random = Random(4).split(static_cast<std::uint64_t>(baseline));
    for (int update = 0; update < 4000; ++update) {
      std::vector<std::size_t> outputs;
      for (int k = 0; k < 5; ++k) {
        const std::vector<double> p = bandit.probabilities();
        const double roll = random.uniform();
        outputs.push_back(roll < p[0] ? 0 : roll < p[0] + p[1] ? 1 : 2);
      }
      const CandidateScores scores = bandit.scores(outputs);
      std::vector<double> baselines(outputs.size(), 0.0);
      if (baseline == 1) baselines = mean_baseline(scores.rewards);
      if (baseline == 2) baselines = leave_one_out_baseline(scores.rewards);
      bandit.step(outputs, reinforce(scores, baselines).weights, 0.2);
    }
    CHECK(bandit.probabilities()[1] > 0.95);
  }
}

TEST_CASE("a bandit with constant rewards stays where it is under a risk") {
  Bandit bandit;
  const std::vector<double> before = bandit.probabilities();
  const std::vector<std::size_t> outputs = {0, 1, 2};
  for (int update = 0; update < 100; ++update) {
    CandidateScores scores = bandit.scores(outputs);
    std::fill(scores.rewards.begin(), scores.rewards.end(), 0.5);
    bandit.step(outputs, mrt(scores, 1.0).weights, 1.0);
    bandit.step(outputs, risk(scores, 1.0).weights, 1.0);
  }
  CHECK(bandit.probabilities() == before);
}

}  // namespace
}  // namespace isthmus
