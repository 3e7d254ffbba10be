// Every rule against its formula, written plainly in double for one scalar at a time.
#include "training/optimizer.h"

#include <cmath>
#include <limits>

#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

/// Two tensors with a gap between them, in more than one block of the optimiser's work.
Layout large_layout() {
  Layout layout;
  layout.add({.name = "a", .rows = 263, .columns = 257});
  layout.add({.name = "b", .rows = 7, .columns = 3});
  return layout;
}

Arena<float> random_gradient(const Layout& layout, Random random) {
  return test::random_values<float>(layout, random, 0.1);
}

StepReport step(Optimizer& optimizer, double rate, const Arena<float>& grads, Arena<float>& values,
                ThreadPool& threads) {
  return optimizer.step(rate, grads, static_cast<double>(grads.flat().squaredNorm()), values, threads);
}

/// One scalar's value and state.
struct Scalar {
  double x = 0;
  double m = 0;
  double v = 0;
  double average = 0;
};

void naive_step(const OptimizerOptions& o, double rate, int t, double g, Scalar& s) {
  switch (o.type) {
    case OptimizerType::kAdam:
    case OptimizerType::kAdamW: {
      s.m = o.beta1 * s.m + (1 - o.beta1) * g;
      s.v = o.beta2 * s.v + (1 - o.beta2) * g * g;
      const double mean = s.m / (1 - std::pow(o.beta1, t));
      const double square = s.v / (1 - std::pow(o.beta2, t));
      if (o.type == OptimizerType::kAdamW) s.x -= rate * o.weight_decay * s.x;
      s.x -= rate * mean / (std::sqrt(square) + o.epsilon);
      break;
    }
    case OptimizerType::kSgd:
      s.m = o.momentum * s.m + g;
      s.x -= rate * s.m;
      break;
    case OptimizerType::kAdagrad:
      s.m += g * g;
      s.x -= rate * g / (std::sqrt(s.m) + o.epsilon);
      break;
  }
  const double decay = std::min(o.average_decay, (1.0 + t) / (10.0 + t));
  s.average = decay * s.average + (1 - decay) * s.x;
}

double largest_difference(const Arena<float>& arena, const std::vector<Scalar>& scalars, double Scalar::*field) {
  double largest = 0;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    largest = std::max(largest, std::abs(double{arena.flat()(static_cast<Index>(i))} - scalars[i].*field));
  }
  return largest;
}

TEST_CASE("six steps of every rule are the formula's") {
  OptimizerOptions options;
  options.type = GENERATE(OptimizerType::kAdam, OptimizerType::kAdamW, OptimizerType::kSgd, OptimizerType::kAdagrad);
  options.clip_norm = GENERATE(0.0, 5.0);
  options.beta1 = 0.8;
  options.beta2 = 0.95;
  options.epsilon = 1e-4;
  options.weight_decay = 0.3;
  options.momentum = 0.7;
  options.average_decay = 0.25;
  CAPTURE(name_of(options.type), options.clip_norm);
  const Layout layout = large_layout();
  Arena<float> values = test::random_values<float>(layout, Random(1));
  std::vector<Scalar> naive(static_cast<std::size_t>(layout.size()));
  for (std::size_t i = 0; i < naive.size(); ++i) {
    naive[i].x = naive[i].average = values.flat()(static_cast<Index>(i));
  }
  Optimizer optimizer(options, layout);
  ThreadPool threads(2);
  for (int t = 1; t <= 6; ++t) {
    const Arena<float> grads = random_gradient(layout, Random(2).split(static_cast<std::uint64_t>(t)));
    std::vector<double> gradient(naive.size());
    double squares = 0;
    for (std::size_t i = 0; i < naive.size(); ++i) {
      gradient[i] = grads.flat()(static_cast<Index>(i));
      squares += gradient[i] * gradient[i];
    }
    const double norm = std::sqrt(squares);
    const double scale = options.clip_norm > 0 ? std::min(1.0, options.clip_norm / norm) : 1.0;
    const double rate = 0.01 * t;
    for (std::size_t i = 0; i < naive.size(); ++i) naive_step(options, rate, t, scale * gradient[i], naive[i]);

    const StepReport report = step(optimizer, rate, grads, values, threads);
    CHECK(report.gradient_norm == Approx(norm).epsilon(1e-5));
    CHECK(report.clipped == (options.clip_norm > 0));
    CHECK(optimizer.steps() == t);
    REQUIRE(largest_difference(values, naive, &Scalar::x) < 2e-6);
    REQUIRE(largest_difference(*optimizer.average(), naive, &Scalar::average) < 2e-6);
  }
}

TEST_CASE("a gradient within the norm is not clipped") {
  const Layout layout = large_layout();
  Arena<float> values(layout);
  Arena<float> grads(layout);
  grads.flat()(5) = -3.0f;
  grads.flat()(67000) = 4.0f;  // in another block
  OptimizerOptions options{.type = OptimizerType::kSgd, .clip_norm = 5.0};
  Optimizer optimizer(options, layout);
  ThreadPool threads(1);
  const StepReport report = step(optimizer, 0.5, grads, values, threads);
  CHECK(report.gradient_norm == 5.0);
  CHECK_FALSE(report.clipped);
  CHECK(values.flat()(5) == 1.5f);
  CHECK(values.flat()(67000) == -2.0f);
  CHECK(values.flat().cwiseAbs().sum() == 3.5f);
  CHECK(optimizer.average() == nullptr);
}

TEST_CASE("the gaps between tensors stay zero") {
  const Layout layout = large_layout();
  Arena<float> values = test::random_values<float>(layout, Random(1));
  OptimizerOptions options{.type = OptimizerType::kAdamW, .average_decay = 0.9};
  Optimizer optimizer(options, layout);
  ThreadPool threads(1);
  for (std::uint64_t t = 0; t < 3; ++t) {
    step(optimizer, 0.1, random_gradient(layout, Random(t)), values, threads);
  }
  const Index end = 263 * 257;
  const Index next = layout.tensors()[1].offset;
  REQUIRE(next > end);
  CHECK(values.flat().segment(end, next - end).isZero(0));
}

TEST_CASE("the same bits for any number of threads") {
  const Layout layout = large_layout();
  OptimizerOptions options;
  options.average_decay = 0.9;
  std::vector<Arena<float>> results;
  std::vector<double> norms;
  for (const std::size_t count : {1, 2, 3}) {
    Arena<float> values = test::random_values<float>(layout, Random(1));
    Optimizer optimizer(options, layout);
    ThreadPool threads(count);
    double norm = 0;
    for (std::uint64_t t = 0; t < 4; ++t) {
      norm = step(optimizer, 0.01, random_gradient(layout, Random(9).split(t)), values, threads).gradient_norm;
    }
    norms.push_back(norm);
    results.push_back(values);
    results.push_back(*optimizer.average());
  }
  for (std::size_t i = 2; i < results.size(); ++i) CHECK(results[i].flat() == results[i % 2].flat());
  CHECK(norms[1] == norms[0]);
  CHECK(norms[2] == norms[0]);
}

TEST_CASE("a gradient that is not finite changes nothing") {
  const float bad = GENERATE(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity());
  const Layout layout = large_layout();
  OptimizerOptions options;
  options.average_decay = 0.9;
  Optimizer optimizer(options, layout);
  ThreadPool threads(2);
  Arena<float> values = test::random_values<float>(layout, Random(1));
  step(optimizer, 0.01, random_gradient(layout, Random(2)), values, threads);

  const Arena<float> values_before = values;
  std::vector<Arena<float>> state_before;
  for (const auto& [name, arena] : optimizer.state()) state_before.push_back(*arena);
  Arena<float> grads = random_gradient(layout, Random(3));
  grads.flat()(67000) = bad;
  const StepReport report = step(optimizer, 0.01, grads, values, threads);
  CHECK_FALSE(std::isfinite(report.gradient_norm));
  CHECK(optimizer.steps() == 1);
  CHECK(values.flat() == values_before.flat());
  const auto state = optimizer.state();
  REQUIRE(state.size() == 3);
  for (std::size_t i = 0; i < state.size(); ++i) CHECK(state[i].second->flat() == state_before[i].flat());
}

TEST_CASE("a rule keeps the arenas that it needs") {
  const Layout layout = large_layout();
  const auto names = [&](OptimizerType type, double average_decay) {
    Optimizer optimizer({.type = type, .average_decay = average_decay}, layout);
    std::vector<std::string> all;
    for (const auto& [name, arena] : optimizer.state()) all.push_back(name);
    return all;
  };
  CHECK(names(OptimizerType::kSgd, 0) == std::vector<std::string>{"first moment"});
  CHECK(names(OptimizerType::kAdagrad, 0) == std::vector<std::string>{"first moment"});
  CHECK(names(OptimizerType::kAdam, 0) == std::vector<std::string>{"first moment", "second moment"});
  CHECK(names(OptimizerType::kAdamW, 0.9) == std::vector<std::string>{"first moment", "second moment", "average"});
}

}  // namespace
}  // namespace isthmus
