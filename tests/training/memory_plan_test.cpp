// What a run is said to need, before it needs it.
#include "training/memory_plan.h"

#include <utility>

#include "core/error.h"
#include "core/huge_pages.h"
#include "tests/catch.h"
#include "tests/training/reverse_task.h"

namespace isthmus {
namespace {

using test::encoded;
using test::reverse_setup;
using test::reverse_text;
using testing::TemporaryFolder;

/// The reversal task with a model whose batches count beside the rest.
struct Run {
  explicit Run(std::int64_t hidden = 64)
      : setup(reverse_setup(folder.path("m.isthmus"))), text(reverse_text(2000, 30, Random(1))) {
    setup.model.hidden = hidden;
    setup.model.dropout = 0.1;
    setup.training.batch.sentences = 128;
    setup.training.batch.bucket = 4;
    setup.training.stop.max_updates = 20;
  }
  MemoryPlan plan() const {
    const Seq2Seq<float> model(setup.model);
    return plan_memory(model, setup.training, encoded(setup, text));
  }

  /// Megabytes for all but the activations, and a share of those of the largest batch at once.
  std::int64_t budget(double share) {
    const std::int64_t before = std::exchange(setup.training.batch.memory_budget, 1'000'000);
    const MemoryPlan all = plan();
    setup.training.batch.memory_budget = before;
    const auto activations = static_cast<std::int64_t>(share * static_cast<double>(all.activations));
    return (all.parameters + activations + all.rest) / 1'000'000;
  }

  TemporaryFolder folder;
  TrainingSetup setup;
  ParallelText text;
};

/// All batches of some epochs, as they will be trained on.
template <class See>
void each_batch(const Run& run, const See& see) {
  const EncodedCorpus corpus = encoded(run.setup, run.text);
  const BatchOptions& options = run.setup.training.batch;
  BatchStream stream(pairs_of(corpus), batch_limits(options), options.bucket, Random(5));
  REQUIRE(stream.seek(0, 0));
  for (std::size_t pairs = 0; pairs < 3 * run.text.size();) {
    const Batch batch = stream.next();
    pairs += batch.size();
    see(batch);
  }
}

std::int64_t source_tokens_of(const Batch& batch) {
  std::int64_t tokens = 0;
  for (const Sentence& sentence : batch.source) tokens += std::ssize(sentence) + 1;
  return tokens;
}

/// The sentences of each round.
std::vector<Batch> rounds_in(const Batch& batch, std::int64_t shards, std::int64_t rounds) {
  std::vector<Batch> all(static_cast<std::size_t>(rounds));
  const std::vector<WeightedBatch> parts = make_shards(teacher_forced(batch, 0.0), shards * rounds);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Batch& round = all[i / static_cast<std::size_t>(shards)];
    round.source.insert(round.source.end(), parts[i].source.begin(), parts[i].source.end());
    for (const WeightedTarget& target : parts[i].targets) round.target.push_back(target.tokens);
  }
  return all;
}

TEST_CASE("no batch of a run is larger than the largest") {
  Run run;
  run.setup.training.batch.tokens = GENERATE(0, 400);
  const MemoryPlan plan = run.plan();
  std::int64_t most = 0;
  each_batch(run, [&](const Batch& batch) {
    CHECK(std::ssize(batch.source) <= plan.batch.sentences());
    CHECK(source_tokens_of(batch) <= plan.batch.source_tokens());
    CHECK(batch.target_tokens() <= plan.batch.target_tokens());
    most = std::max(most, batch.target_tokens());
  });
  CHECK(static_cast<double>(most) > 0.9 * static_cast<double>(plan.batch.target_tokens()));
}

TEST_CASE("the largest batch has sentences of the lengths that it says") {
  const Run run;
  const LargestBatch largest = run.plan().batch;
  const Batch batch = largest.batch(run.setup.model);
  REQUIRE(batch.size() == 128);
  CHECK(source_tokens_of(batch) == largest.source_tokens());
  CHECK(batch.target_tokens() == largest.target_tokens());
  CHECK(batch.target.back().size() == 30);
  for (const Sentence& sentence : batch.target) {
    for (const TokenId token : sentence) {
      CHECK(token >= kSpecialTokens);
      CHECK(token < run.setup.model.target_vocabulary);
    }
  }
}

TEST_CASE("no round of a batch is larger than the largest, nor than the limits") {
  Run run;
  run.setup.training.batch.shards = GENERATE(1, 3);
  run.setup.training.batch.memory_budget = run.budget(0.3);
  const MemoryPlan plan = run.plan();
  CHECK(plan.rounds > 1);
  std::int64_t most = 0;
  each_batch(run, [&](const Batch& batch) {
    const std::int64_t rounds = rounds_of(teacher_forced(batch, 0.0), run.setup.training.batch.shards, plan.limits);
    CHECK(rounds <= plan.rounds);
    for (const Batch& round : rounds_in(batch, run.setup.training.batch.shards, rounds)) {
      CHECK(std::ssize(round.source) <= plan.round.sentences());
      CHECK(source_tokens_of(round) <= plan.round.source_tokens());
      CHECK(round.target_tokens() <= plan.round.target_tokens());
      most = std::max(most, round.target_tokens());
    }
  });
  CHECK(plan.round.target_tokens() <= plan.limits.target_tokens);
  CHECK(static_cast<double>(most) > 0.7 * static_cast<double>(plan.round.target_tokens()));
}

TEST_CASE("a run holds the arrays that its plan counts, and asks for no more later") {
  Run run(128);
  run.setup.training.optimizer.average_decay = GENERATE(0.0, 0.9);
  run.setup.training.batch.shards = GENERATE(1, 2, 5);
  run.setup.training.batch.memory_budget = GENERATE(0, 1) == 0 ? 0 : run.budget(0.2);
  const MemoryPlan plan = run.plan();
  const std::size_t before = huge_array_bytes();
  Trainer trainer(run.setup, encoded(run.setup, run.text), {});
  test::Recorder recorder;
  std::vector<std::size_t> held;
  recorder.after_update = [&](const UpdateReport&) { held.push_back(huge_array_bytes() - before); };
  trainer.run({&recorder});
  REQUIRE(held.size() == 20);
  const auto said = static_cast<double>(plan.parameters + plan.activations);
  CHECK(static_cast<double>(held.front()) < 1.02 * said);
  CHECK(static_cast<double>(held.front()) > 0.8 * said);
  CHECK(static_cast<double>(held.back()) < 1.02 * said);
}

TEST_CASE("a budget makes rounds as large as it allows, and says when it is too small") {
  Run run(128);
  run.setup.training.batch.memory_budget = 1'000'000;
  const MemoryPlan free = run.plan();
  CHECK(free.rounds == 1);
  run.setup.training.batch.memory_budget = run.budget(0.5);
  const MemoryPlan fitted = run.plan();
  const std::int64_t budget = run.setup.training.batch.memory_budget * 1'000'000;
  CHECK(fitted.rounds > 1);
  CHECK(fitted.total() <= budget);
  CHECK(fitted.total() > budget - free.activations / 10);
  CHECK(fitted.batch.target == free.batch.target);

  run.setup.training.batch.memory_budget = 3;
  try {
    run.plan();
    FAIL("3 MB were enough");
  } catch (const UsageError& error) {
    const std::string message = error.what();
    REQUIRE(message.find("--memory-budget 3: the least is ") == 0);
    const std::int64_t least = std::stoll(message.substr(message.find("least is ") + 9));
    run.setup.training.batch.memory_budget = least;
    CHECK(run.plan().total() <= least * 1'000'000);
    run.setup.training.batch.memory_budget = least - 1;
    CHECK_THROWS_AS(run.plan(), UsageError);
  }
}

TEST_CASE("with a budget, too, the model is the same for any number of threads, and a resumed run's") {
  Run run;
  run.setup.training.batch.memory_budget = run.budget(0.1);
  REQUIRE(run.plan().rounds > 2);
  std::vector<std::string> files;
  for (const std::int64_t threads : {1, 3}) {
    run.setup.threads = threads;
    test::train(run.setup, run.text);
    files.push_back(run.folder.read("m.isthmus"));
  }
  CHECK((files[1] == files[0]));
  run.setup.training.stop.max_updates = 7;
  test::train(run.setup, run.text);
  run.setup.training.stop.max_updates = 20;
  test::train(run.setup, run.text, {}, /*resume=*/true);
  CHECK((run.folder.read("m.isthmus") == files[0]));
}

TEST_CASE("rounds change a model by rounding alone") {
  Run run;
  run.setup.training.stop.max_updates = 1;
  std::vector<Vector<float>> values;
  for (const std::int64_t budget : {std::int64_t{0}, run.budget(0.1)}) {
    run.setup.training.batch.memory_budget = budget;
    run.setup.model.dropout = 0;  // its masks go by shard
    test::train(run.setup, run.text);
    values.push_back(load_model(run.setup.model_path).values->flat());
  }
  CHECK(values[0] != values[1]);
  CHECK(values[0].isApprox(values[1], 1e-2f));  // Adam's first step is the gradient's sign
}

}  // namespace
}  // namespace isthmus
