#include "training/gradient_workers.h"

#include <cmath>
#include <optional>
#include <stdexcept>

#include "tests/catch.h"
#include "tests/distributed/thread_wire.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_sentences;
using test::random_values;
using test::tiny_options;

constexpr std::size_t kPairs = 11;

TokenPairs random_pairs() {
  TokenPairs pairs;
  const auto sources = random_sentences(kPairs, 6, 9, Random(2));
  const auto targets = random_sentences(kPairs, 6, 8, Random(3));
  for (std::uint32_t i = 0; i < kPairs; ++i) pairs.add(sources[i], targets[i]);
  return pairs;
}

BatchIndices all_pairs() {
  BatchIndices batch(kPairs);
  for (std::uint32_t i = 0; i < kPairs; ++i) batch[i] = i;
  return batch;
}

std::vector<WeightedBatch> learned(const Batch& batch) { return {teacher_forced(batch, 0.1)}; }

struct Result {
  LossSum sum;
  double squared_norm;
  Arena<float> gradient;
};

Result gradient_of(const Seq2Seq<float>& model, const Arena<float>& values, std::int64_t shards, std::size_t threads,
                   Communicator& world, const RoundLimits& limits = {}) {
  ThreadPool pool(threads);
  GradientWorkers workers(model, shards, limits, pool, world);
  const TokenPairs pairs = random_pairs();
  Arena<float> gradient(model.layout());
  workers.gradient(values, learned(gather(pairs, {3})), Random(9),
                   gradient);  // what another batch leaves must not show
  const BatchGradient result = workers.gradient(values, learned(gather(pairs, all_pairs())), Random(9), gradient);
  return {result.sums.at(0), result.squared_norm, std::move(gradient)};
}

Result gradient_of(const Seq2Seq<float>& model, const Arena<float>& values, std::int64_t shards, std::size_t threads) {
  Communicator alone;
  return gradient_of(model, values, shards, threads, alone);
}

TEST_CASE("the shards' gradients add up to the batch's") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const Result whole = gradient_of(model, values, 1, 1);
  REQUIRE(whole.gradient.flat().norm() > 0.01f);
  for (const std::int64_t shards : {2, 3, 20}) {
    const Result cut = gradient_of(model, values, shards, 2);
    CHECK(cut.gradient.flat().isApprox(whole.gradient.flat(), 1e-5f));
    CHECK(cut.sum.loss == Approx(whole.sum.loss));
    CHECK(cut.sum.nll == Approx(whole.sum.nll));
    CHECK(cut.sum.tokens == whole.sum.tokens);
    CHECK(cut.squared_norm == Approx(static_cast<double>(whole.gradient.flat().squaredNorm())).epsilon(1e-5));
  }
}

TEST_CASE("the loss is a mean over target tokens, the end included") {
  const Seq2Seq<float> model(tiny_options());
  const Arena<float> zero(model.layout());  // all eight pieces equally likely
  const Result result = gradient_of(model, zero, 2, 1);
  CHECK(result.sum.loss == Approx(std::log(8.0)));
  CHECK(result.sum.tokens == static_cast<Index>(random_pairs().target.token_count() + kPairs));
  CHECK(result.sum.nll == Approx(static_cast<double>(result.sum.tokens) * std::log(8.0)));
}

TEST_CASE("the number of threads leaves the bits alone, dropout included; the stream does not") {
  ModelOptions options = tiny_options();
  options.hidden = 16;
  options.dropout = 0.3;
  const Seq2Seq<float> model(options);
  const auto values = random_values<float>(model.layout(), Random(1));
  const Result one = gradient_of(model, values, 4, 1);
  for (const std::size_t threads : {2, 3}) {
    const Result several = gradient_of(model, values, 4, threads);
    CHECK(several.gradient.flat() == one.gradient.flat());
    CHECK(several.sum.loss == one.sum.loss);
    CHECK(several.squared_norm == one.squared_norm);
  }
  ThreadPool pool(1);
  Communicator alone;
  GradientWorkers workers(model, 4, {}, pool, alone);
  Arena<float> grads(model.layout());
  const Batch batch = gather(random_pairs(), all_pairs());
  CHECK(workers.gradient(values, learned(batch), Random(10), grads).sums[0].loss != one.sum.loss);
}

void require_same_bits(const Result& result, const Result& expected) {
  const auto equal = [](double one, double other) { return one == other; };
  if (!equal(result.sum.loss, expected.sum.loss) || !equal(result.sum.nll, expected.sum.nll) ||
      result.sum.tokens != expected.sum.tokens || result.sum.correct != expected.sum.correct) {
    throw std::runtime_error("another loss");
  }
  if (!equal(result.squared_norm, expected.squared_norm)) throw std::runtime_error("another norm");
  if (result.gradient.flat() != expected.gradient.flat()) throw std::runtime_error("another gradient");
}

TEST_CASE("worlds of 1, 2, 4 and 8 give the same bits on every rank, dropout included") {
  ModelOptions options = tiny_options();
  options.hidden = 16;
  options.dropout = 0.3;
  const Seq2Seq<float> model(options);
  const auto values = random_values<float>(model.layout(), Random(1));
  // With 16 shards of 11 pairs, some ranks have empty ones.
  const std::int64_t shards = GENERATE(8, 16, 24);
  const Result one = gradient_of(model, values, shards, 2);
  for (const std::size_t ranks : {1u, 2u, 4u, 8u}) {
    INFO(ranks << " ranks, " << shards << " shards");
    run_world(ranks, [&](Communicator& world) {
      // Machines may have different numbers of processors.
      require_same_bits(gradient_of(model, values, shards, 1 + world.rank() % 3, world), one);
    });
  }
}

/// Limits that make so many rounds of the pairs.
RoundLimits limits_of_rounds(std::int64_t shards, std::int64_t rounds) {
  const Batch batch = gather(random_pairs(), all_pairs());
  std::int64_t most = 1000;
  while (rounds_of(learned(batch)[0], shards, {.target_tokens = most}) < rounds) --most;
  const RoundLimits limits = {.target_tokens = most};
  REQUIRE(rounds_of(learned(batch)[0], shards, limits) == rounds);
  return limits;
}

TEST_CASE("rounds add up to the gradient of as many shards at once, bit for bit, on any number of threads and ranks") {
  ModelOptions options = tiny_options();
  options.hidden = 16;
  options.dropout = 0.3;
  const Seq2Seq<float> model(options);
  const auto values = random_values<float>(model.layout(), Random(1));
  const auto [shards, rounds] =
      GENERATE(std::pair<std::int64_t, std::int64_t>{1, 2}, std::pair<std::int64_t, std::int64_t>{1, 8},
               std::pair<std::int64_t, std::int64_t>{1, 16}, std::pair<std::int64_t, std::int64_t>{2, 2},
               std::pair<std::int64_t, std::int64_t>{2, 4}, std::pair<std::int64_t, std::int64_t>{3, 4});
  const RoundLimits limits = limits_of_rounds(shards, rounds);
  const Result at_once = gradient_of(model, values, shards * rounds, 2);
  for (const std::size_t ranks : {1u, 2u}) {
    if (shards % static_cast<std::int64_t>(ranks) != 0) continue;
    INFO(ranks << " ranks, " << shards << " shards, " << rounds << " rounds");
    run_world(ranks, [&, shards = shards](Communicator& world) {
      require_same_bits(gradient_of(model, values, shards, 1 + world.rank() % 3, world, limits), at_once);
    });
  }
}

TEST_CASE("rounds of a batch keep their limits, and are no more than they must be") {
  const Batch batch = gather(random_pairs(), all_pairs());
  CHECK(rounds_of(learned(batch)[0], 2, {}) == 1);
  CHECK(rounds_of(learned(batch)[0], 2, {.source_tokens = batch.target_tokens() * 3}) == 1);
  CHECK(rounds_of(learned(batch)[0], 2, {.target_tokens = batch.target_tokens()}) == 1);
  CHECK(rounds_of(learned(batch)[0], 2, {.target_tokens = batch.target_tokens() - 1}) == 2);
  CHECK(rounds_of(learned(batch)[0], 2, {.target_tokens = 1}) == 8);  // 16 shards of 11 pairs
  CHECK(rounds_of(learned(batch)[0], 2, {.source_tokens = 1}) == 8);
  CHECK(rounds_of(learned(batch)[0], 11, {.source_tokens = 1}) == 1);
  CHECK(GradientWorkers::spare_arenas(1) == 0);
  CHECK(GradientWorkers::spare_arenas(2) == 0);
  CHECK(GradientWorkers::spare_arenas(4) == 1);
  CHECK(GradientWorkers::spare_arenas(16) == 3);
}

TEST_CASE("a world of 3 gives all ranks the same, and the gradient of the batch") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const Result one = gradient_of(model, values, 6, 1);
  std::vector<std::optional<Result>> results(3);
  run_world(3, [&](Communicator& world) { results[world.rank()] = gradient_of(model, values, 6, 1, world); });
  for (const auto& result : results) require_same_bits(*result, *results[0]);
  CHECK(results[0]->gradient.flat().isApprox(one.gradient.flat(), 1e-5f));
  CHECK(results[0]->sum.loss == Approx(one.sum.loss));
}

TEST_CASE("a value that is not a number reaches every rank's loss") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  run_world(2, [&](Communicator& world) {
    Arena<float> own = values;
    if (world.rank() == 1) own.flat().setConstant(std::nanf(""));
    const Result result = gradient_of(model, own, 2, 1, world);
    if (std::isfinite(result.sum.loss) || std::isfinite(result.squared_norm)) throw std::runtime_error("not noticed");
  });
}

TEST_CASE("shards add up as a tree of halves") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const TokenPairs pairs = random_pairs();
  const Batch batch = gather(pairs, all_pairs());
  constexpr std::int64_t kShards = 5;
  // The gradient of each shard alone, with the weights of the whole batch.
  std::vector<Arena<float>> parts;
  for (const WeightedBatch& part : make_shards(learned(batch)[0], kShards)) {
    std::vector<Sentence> targets;
    for (const WeightedTarget& target : part.targets) targets.push_back(target.tokens);
    const TokenGrid source = model.pack_source(part.source);
    const TokenGrid target = model.pack_target(targets);
    const std::vector<float> weights(static_cast<std::size_t>(target.tokens()),
                                     1.0f / static_cast<float>(batch.target_tokens()));
    Scratch<float> scratch;
    GradientTerms<float> terms(model.layout());
    model.run(values, source, target, weights, {.label_smoothing = 0.1, .dropout = std::nullopt}, scratch, &terms);
    terms.evaluate(parts.emplace_back(model.layout()));
  }
  Arena<float> expected(model.layout());
  expected.flat() = (parts[0].flat() + parts[1].flat()) + (parts[2].flat() + (parts[3].flat() + parts[4].flat()));
  CHECK(gradient_of(model, values, kShards, 2).gradient.flat() == expected.flat());
}

TEST_CASE("several targets of a source, with weights of their own, are as so many pairs") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const auto sources = random_sentences(3, 6, 9, Random(2));
  const auto targets = random_sentences(7, 6, 8, Random(3));
  Random random(4);
  WeightedBatch shared{.source = sources, .targets = {}, .label_smoothing = 0.1, .dropout = false};
  WeightedBatch apart = shared;
  apart.source.clear();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    std::vector<float> weights;
    for (std::size_t t = 0; t <= targets[i].size(); ++t) weights.push_back(static_cast<float>(random.normal()));
    shared.targets.push_back({static_cast<Index>(i / 3), targets[i], weights, {}});
    apart.source.push_back(sources[i / 3]);
    apart.targets.push_back({static_cast<Index>(i), targets[i], weights, {}});
  }
  ThreadPool pool(2);
  Communicator alone;
  GradientWorkers workers(model, 2, {}, pool, alone);
  Arena<float> one(model.layout()), other(model.layout());
  const LossSum sum = workers.gradient(values, std::vector{shared}, Random(9), one).sums.at(0);
  CHECK(sum.loss == Approx(workers.gradient(values, std::vector{apart}, Random(9), other).sums.at(0).loss));
  CHECK(sum.tokens == shared.target_tokens());
  REQUIRE(one.flat().norm() > 0.01f);
  CHECK(one.flat().isApprox(other.flat(), 1e-5f));
}

TEST_CASE("batches of one update add up, in rounds too, and what the decoder reads may be chosen") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const Batch batch = gather(random_pairs(), all_pairs());
  WeightedBatch plain = teacher_forced(batch, 0.1);
  plain.dropout = false;
  WeightedBatch read = plain;  // inputs spelled out
  for (WeightedTarget& target : read.targets) {
    target.inputs = target.tokens;
    target.inputs.insert(target.inputs.begin(), kBegin);
  }
  WeightedBatch others = read;
  for (WeightedTarget& target : others.targets) target.inputs.back() = 5;
  ThreadPool pool(2);
  Communicator alone;
  GradientWorkers workers(model, 2, limits_of_rounds(2, 2), pool, alone);
  const auto gradient = [&](const std::vector<WeightedBatch>& batches) {
    Arena<float> grads(model.layout());
    const BatchGradient result = workers.gradient(values, batches, Random(9), grads);
    CHECK(result.squared_norm == Approx(static_cast<double>(grads.flat().squaredNorm())).epsilon(1e-5));
    return grads;
  };
  const Arena<float> one = gradient({plain});
  CHECK(gradient({read}).flat() == one.flat());
  const Arena<float> other = gradient({others});
  CHECK_FALSE(other.flat().isApprox(one.flat(), 1e-3f));
  for (const std::size_t copies : {2, 3, 5}) {
    std::vector<WeightedBatch> batches(copies, plain);
    batches.back() = others;
    Arena<float> expected(model.layout());
    expected.flat() = static_cast<float>(copies - 1) * one.flat() + other.flat();
    CHECK(gradient(batches).flat().isApprox(expected.flat(), 1e-5f));
  }
}

TEST_CASE("evaluation sums over batches, without dropout or smoothing") {
  ModelOptions options = tiny_options();
  options.dropout = 0.5;
  const Seq2Seq<float> model(options);
  const auto values = random_values<float>(model.layout(), Random(1));
  const TokenPairs pairs = random_pairs();
  ThreadPool pool(2);
  Communicator alone;
  GradientWorkers workers(model, 2, {}, pool, alone);
  const LossSum together = workers.evaluate(values, {gather(pairs, all_pairs())});
  const LossSum apart =
      workers.evaluate(values, {gather(pairs, {10, 0, 5}), gather(pairs, {1, 2, 3, 4}), gather(pairs, {6, 7, 8, 9})});
  CHECK(apart.nll == Approx(together.nll).epsilon(1e-6));
  CHECK(apart.tokens == together.tokens);
  CHECK(workers.evaluate(values, {}).tokens == 0);
}

TEST_CASE("the ranks share the batches of an evaluation, and all get the same sum") {
  const Seq2Seq<float> model(tiny_options());
  const auto values = random_values<float>(model.layout(), Random(1));
  const TokenPairs pairs = random_pairs();
  std::vector<Batch> batches;
  for (std::uint32_t i = 0; i < kPairs; ++i) batches.push_back(gather(pairs, {i}));
  const auto evaluate = [&](Communicator& world) {
    ThreadPool pool(1 + world.rank() % 2);
    return GradientWorkers(model, 12, {}, pool, world).evaluate(values, batches);
  };
  Communicator alone;
  const LossSum expected = evaluate(alone);
  for (const std::size_t ranks : {2u, 3u, 4u}) {
    run_world(ranks, [&](Communicator& world) {
      const LossSum sum = evaluate(world);
      if (std::abs(sum.nll - expected.nll) > 0.0 || sum.tokens != expected.tokens)
        throw std::runtime_error("other sum");
    });
  }
}

}  // namespace
}  // namespace isthmus
