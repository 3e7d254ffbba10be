#include "training/gradient_workers.h"

#include "tests/catch.h"
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
  for (std::uint32_t i = 0; i < kPairs; ++i) {
    pairs.source.add(sources[i]);
    pairs.target.add(targets[i]);
    pairs.line.push_back(i + 1);
  }
  return pairs;
}

BatchIndices all_pairs() {
  BatchIndices batch(kPairs);
  for (std::uint32_t i = 0; i < kPairs; ++i) batch[i] = i;
  return batch;
}

struct Result {
  LossSum sum;
  Arena<float> gradient;
};

Result gradient_of(const Seq2Seq<float>& model, const Arena<float>& values, std::int64_t shards, std::size_t threads) {
  ThreadPool pool(threads);
  GradientWorkers workers(model, shards, pool);
  const TokenPairs pairs = random_pairs();
  workers.gradient(values, gather(pairs, {3}), 0.1, Random(9));  // what another batch leaves must not show
  const LossSum sum = workers.gradient(values, gather(pairs, all_pairs()), 0.1, Random(9));
  Arena<float> gradient(model.layout());
  for (const Arena<float>& shard : workers.shards()) gradient.flat() += shard.flat();
  return {sum, std::move(gradient)};
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
  }
  ThreadPool pool(1);
  GradientWorkers workers(model, 4, pool);
  CHECK(workers.gradient(values, gather(random_pairs(), all_pairs()), 0.1, Random(10)).loss != one.sum.loss);
}

TEST_CASE("evaluation sums over batches, without dropout or smoothing") {
  ModelOptions options = tiny_options();
  options.dropout = 0.5;
  const Seq2Seq<float> model(options);
  const auto values = random_values<float>(model.layout(), Random(1));
  const TokenPairs pairs = random_pairs();
  ThreadPool pool(2);
  GradientWorkers workers(model, 2, pool);
  const LossSum together = workers.evaluate(values, {gather(pairs, all_pairs())});
  const LossSum apart =
      workers.evaluate(values, {gather(pairs, {10, 0, 5}), gather(pairs, {1, 2, 3, 4}), gather(pairs, {6, 7, 8, 9})});
  CHECK(apart.nll == Approx(together.nll).epsilon(1e-6));
  CHECK(apart.tokens == together.tokens);
  CHECK(workers.evaluate(values, {}).tokens == 0);
}

}  // namespace
}  // namespace isthmus
