// The fused output layer against softmax, smoothed cross-entropy and their gradients, written out for one column.
#include "model/output_layer.h"

#include <cmath>

#include "model/embedding.h"
#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_values;

constexpr Index kInputs = 3;
constexpr Index kVocabulary = 7;
constexpr Index kChunk = 256;
constexpr TensorId kWeights{0};
constexpr TensorId kBias{1};

/// A layer with its parameters and some columns to work on.
struct Task {
  explicit Task(Index columns)
      : layer(layout, "output", kInputs, kVocabulary),
        values(random_values<double>(layout, Random(1))),
        x(kInputs, columns) {
    Random random(2);
    for (Index i = 0; i < x.size(); ++i) x.data()[i] = random.normal();
    for (Index j = 0; j < columns; ++j) {
      tokens.push_back(static_cast<TokenId>(random.below(kVocabulary)));
      weights.push_back(j % 5 == 4 ? 0.0 : random.normal());  // some of no weight, and of either sign
    }
  }

  Layout layout;
  OutputLayer<double> layer;
  Arena<double> values;
  Matrix<double> x;
  std::vector<TokenId> tokens;
  std::vector<double> weights;
};

/// Everything that loss() gives.
struct Outcome {
  explicit Outcome(const Layout& layout) : grads(layout) {}

  LossSum sum;
  Vector<double> token_log_probs;
  Arena<double> grads;
  Buffer<double> d_x;
};

double logit(const Task& task, Index column, Index v) {
  double z = task.values[kBias](v, 0);
  for (Index i = 0; i < kInputs; ++i) z += task.values[kWeights](i, v) * task.x(i, column);
  return z;
}

/// −w·Σ q·log p with q = (1 − ε)·[v = y] + ε/V, and dz = w·(p − q), a column and a piece at a time.
Outcome naive(const Task& task, double smoothing) {
  Outcome outcome(task.layout);
  outcome.token_log_probs.resize(task.x.cols());
  outcome.d_x.setZero(kInputs, task.x.cols());
  for (Index j = 0; j < task.x.cols(); ++j) {
    const TokenId y = task.tokens[static_cast<std::size_t>(j)];
    const double w = task.weights[static_cast<std::size_t>(j)];
    double total = 0;
    Index likeliest = 0;
    for (Index v = 0; v < kVocabulary; ++v) {
      total += std::exp(logit(task, j, v));
      if (logit(task, j, v) > logit(task, j, likeliest)) likeliest = v;
    }
    for (Index v = 0; v < kVocabulary; ++v) {
      const double log_p = logit(task, j, v) - std::log(total);
      const double q = (v == y ? 1 - smoothing : 0.0) + smoothing / kVocabulary;
      outcome.sum.loss -= w * q * log_p;
      if (v == y) {
        outcome.token_log_probs(j) = log_p;
        outcome.sum.nll -= log_p;
        outcome.sum.correct += likeliest == v;
      }
      const double dz = w * (std::exp(log_p) - q);
      outcome.grads[kBias](v, 0) += dz;
      for (Index i = 0; i < kInputs; ++i) {
        outcome.grads[kWeights](i, v) += dz * task.x(i, j);
        outcome.d_x(i, j) += dz * task.values[kWeights](i, v);
      }
    }
  }
  outcome.sum.tokens = task.x.cols();
  return outcome;
}

Outcome fused(const Task& task, double smoothing, OutputCache<double>& cache) {
  Outcome outcome(task.layout);
  GradientTerms<double> terms(task.layout);
  outcome.sum = task.layer.loss(task.values, task.x, {task.tokens, task.weights, smoothing}, cache,
                                {outcome.token_log_probs, &terms, &outcome.d_x});
  terms.evaluate(outcome.grads);
  return outcome;
}

void check_same(const Outcome& found, const Outcome& expected) {
  CHECK(found.sum.loss == Approx(expected.sum.loss).epsilon(1e-11));
  CHECK(found.sum.nll == Approx(expected.sum.nll).epsilon(1e-11));
  CHECK(found.sum.tokens == expected.sum.tokens);
  CHECK(found.sum.correct == expected.sum.correct);
  REQUIRE(found.token_log_probs.size() == expected.token_log_probs.size());
  CHECK((found.token_log_probs - expected.token_log_probs).cwiseAbs().maxCoeff() < 1e-12);
  REQUIRE(found.d_x.cols() == expected.d_x.cols());
  CHECK((found.d_x - expected.d_x).cwiseAbs().maxCoeff() < 1e-12);
  CHECK((found.grads.flat() - expected.grads.flat()).cwiseAbs().maxCoeff() < 1e-10);
  CHECK(expected.grads.flat().cwiseAbs().maxCoeff() > 0.1);
}

TEST_CASE("loss and gradients are the naive ones, whatever the number of chunks") {
  const Index columns = GENERATE(Index{1}, Index{20}, kChunk - 1, kChunk, kChunk + 1, Index{600}, 2 * kChunk + 5);
  const double smoothing = GENERATE(0.0, 0.1);
  CAPTURE(columns, smoothing);
  const Task task(columns);
  OutputCache<double> cache;
  cache.chunk = kChunk;
  check_same(fused(task, smoothing, cache), naive(task, smoothing));
  CHECK(cache.logits.cols() <= kChunk);
  CHECK((columns < kChunk || 2 * cache.logits.cols() > kChunk));
}

TEST_CASE("scratch that another batch has left changes nothing") {
  OutputCache<double> cache;
  cache.chunk = kChunk;
  cache.logits = Matrix<double>::Constant(50, 20, std::nan(""));  // another vocabulary
  cache.d_weights = Matrix<double>::Constant(50, 20, std::nan(""));
  for (const Index columns : {600, 3, 530, 40}) {
    const Task task(columns);
    check_same(fused(task, 0.1, cache), naive(task, 0.1));
  }
}

TEST_CASE("without terms the loss is the same, and nothing else is computed") {
  const Task task(600);
  OutputCache<double> cache;
  const Outcome once = fused(task, 0.1, cache);
  Outcome none(task.layout);
  none.sum = task.layer.loss(task.values, task.x, {task.tokens, task.weights, 0.1}, cache,
                             {none.token_log_probs, nullptr, nullptr});
  CHECK(none.sum.loss == once.sum.loss);
  CHECK(none.sum.correct == once.sum.correct);
  CHECK(none.token_log_probs == once.token_log_probs);
}

TEST_CASE("a chunk's logits take 16 MiB, whatever the vocabulary, but for very large ones") {
  const auto chunk = [](Index vocabulary) {
    Layout layout;
    return OutputLayer<float>(layout, "output", 1, vocabulary).chunk();
  };
  CHECK(chunk(8000) == 524);
  CHECK(chunk(32000) == 131);
  CHECK(chunk(1000000) == 64);
}

TEST_CASE("the gradient of x is that of the loss") {
  Task task(4);
  OutputCache<double> cache;
  const double smoothing = GENERATE(0.0, 0.3);
  const Matrix<double> gradient = fused(task, smoothing, cache).d_x;
  constexpr double kStep = 1e-5;
  for (Index i = 0; i < task.x.size(); ++i) {
    const double kept = task.x.data()[i];
    task.x.data()[i] = kept + kStep;
    const double above = naive(task, smoothing).sum.loss;
    task.x.data()[i] = kept - kStep;
    const double below = naive(task, smoothing).sum.loss;
    task.x.data()[i] = kept;
    CHECK(gradient.data()[i] == Approx((above - below) / (2 * kStep)).margin(1e-8));
  }
}

TEST_CASE("log-probabilities of a step are those of the loss") {
  const Task task(9);
  TokenScores<double> scores;
  task.layer.score(task.values, task.layer.transposed_weights(task.values), task.x, scores);
  REQUIRE(scores.vocabulary() == kVocabulary);
  REQUIRE(scores.columns() == 9);
  for (Index j = 0; j < 9; ++j) {
    double total = 0;
    for (Index v = 0; v < kVocabulary; ++v) total += std::exp(logit(task, j, v));
    for (Index v = 0; v < kVocabulary; ++v) {
      CHECK(scores.log_prob(static_cast<TokenId>(v), j) == Approx(logit(task, j, v) - std::log(total)).epsilon(1e-12));
    }
  }
}

TEST_CASE("logits of any size give finite losses in float") {
  Layout layout;
  const OutputLayer<float> layer(layout, "output", 1, 3);
  Arena<float> values(layout);
  values[kWeights] << 1.0f, 0.0f, -1.0f;
  const Matrix<float> x = (Matrix<float>(1, 2) << 5000.0f, -5000.0f).finished();
  const std::vector<TokenId> tokens = {0, 1};
  const std::vector<float> weights = {1.0f, 1.0f};
  OutputCache<float> cache;
  Vector<float> token_log_probs;
  GradientTerms<float> terms(layout);
  Arena<float> grads(layout);
  Buffer<float> d_x;
  const LossSum sum = layer.loss(values, x, {tokens, weights, 0.0}, cache, {token_log_probs, &terms, &d_x});
  terms.evaluate(grads);
  CHECK(token_log_probs(0) == 0.0f);
  CHECK(token_log_probs(1) == -5000.0f);
  CHECK(sum.loss == 5000.0);
  CHECK(sum.correct == 1);
  CHECK(grads.flat().allFinite());
  CHECK(d_x(0, 0) == 0.0f);
  CHECK(d_x(0, 1) == -1.0f);  // p is all on the third piece, whose weight is −1
  TokenScores<float> scores;
  layer.score(values, layer.transposed_weights(values), x, scores);
  CHECK(scores.log_prob(0, 0) == 0.0f);
  CHECK(scores.log_prob(2, 0) == -10000.0f);
}

TEST_CASE("an embedding's table can be the weights, and gets their gradient") {
  const Task task(30);
  Layout layout;
  const Embedding<double> embedding(layout, "table", kInputs, kVocabulary);
  const OutputLayer<double> tied(layout, "output", embedding.table());
  REQUIRE(layout.tensors().size() == 2);
  CHECK(tied.vocabulary() == kVocabulary);
  Arena<double> values(layout);
  values[kWeights] = task.values[kWeights];
  values[kBias] = task.values[kBias];
  OutputCache<double> cache;
  GradientTerms<double> terms(layout);
  Outcome outcome(layout);
  outcome.sum = tied.loss(values, task.x, {task.tokens, task.weights, 0.1}, cache,
                          {outcome.token_log_probs, &terms, &outcome.d_x});
  terms.evaluate(outcome.grads);
  check_same(outcome, naive(task, 0.1));
}

TEST_CASE("sums of losses add up") {
  LossSum sum{.loss = 1.5, .nll = 2.0, .tokens = 3, .correct = 1};
  sum += {.loss = 0.5, .nll = 1.0, .tokens = 2, .correct = 2};
  CHECK(sum.loss == 2.0);
  CHECK(sum.nll == 3.0);
  CHECK(sum.tokens == 5);
  CHECK(sum.correct == 3);
}

}  // namespace
}  // namespace isthmus
