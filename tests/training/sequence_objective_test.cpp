// Training on what the model writes itself: candidates, weights, and what becomes of a model.
#include "training/sequence_objective.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/training/reverse_task.h"

namespace isthmus {
namespace {

using test::encoded;
using test::Recorder;
using test::reverse_setup;
using test::reverse_text;
using testing::TemporaryFolder;

/// A model that has half learned to reverse, trained once.
const std::string& half_learned_model() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    TrainingSetup setup = reverse_setup(folder.path("half.isthmus"));
    setup.model.hidden = 32;
    setup.model.embedding = 16;
    setup.training.batch.sentences = 32;
    setup.training.stop.max_epochs = 6;
    test::train(setup, reverse_text(800, 5, Random(1)), reverse_text(60, 5, Random(2)));
    return setup.model_path;
  }();
  return path;
}

/// Training that goes on from it.
struct Run {
  explicit Run(ObjectiveType objective) : setup(reverse_setup(folder.path("m.isthmus"))) {
    setup.model.hidden = 32;
    setup.model.embedding = 16;
    setup.training.objective = objective;
    setup.training.sequence.num_candidates = 8;
    setup.training.sequence.mle_weight = 0.0;
    setup.training.batch.sentences = 32;
    setup.training.schedule.learning_rate = 1e-3;
    setup.training.stop.max_updates = 60;
    setup.training.validation.every_updates = 30;
  }
  StopReport train(Recorder& recorder) {
    Trainer trainer(setup, encoded(setup, text), valid);
    const ModelFile initial = load_model(half_learned_model());
    trainer.start_from(initial, half_learned_model());
    return trainer.run({&recorder});
  }
  Vector<float> values() const { return load_model(setup.model_path).values->flat(); }

  TemporaryFolder folder;
  TrainingSetup setup;
  ParallelText text = reverse_text(400, 5, Random(3));
  ParallelText valid = reverse_text(60, 5, Random(2));
};

/// Rewards of the first and the last updates.
std::pair<double, double> rewards_of(Run& run) {
  std::vector<double> rewards;
  Recorder recorder;
  recorder.after_update = [&](const UpdateReport& report) {
    REQUIRE(report.sequence != nullptr);
    rewards.push_back(report.sequence->reward);
  };
  const StopReport report = run.train(recorder);
  REQUIRE_FALSE(report.failed);
  const auto mean = [&](std::size_t begin, std::size_t end) {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += rewards[i];
    return sum / static_cast<double>(end - begin);
  };
  return {mean(0, 8), mean(rewards.size() - 8, rewards.size())};
}

Batch some_batch(const Run& run, std::size_t count) {
  const EncodedCorpus corpus = encoded(run.setup, run.text);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < count; ++i) numbers.push_back(i);
  const TokenPairs pairs = corpus.read(numbers);
  Batch batch;
  for (std::size_t i = 0; i < count; ++i) {
    batch.source.emplace_back(pairs.source[i].begin(), pairs.source[i].end());
    batch.target.emplace_back(pairs.target[i].begin(), pairs.target[i].end());
    batch.numbers.push_back(i);
  }
  return batch;
}

TEST_CASE("every objective on candidates raises the reward of what the model writes") {
  const auto objective = GENERATE(ObjectiveType::kMrt, ObjectiveType::kRisk, ObjectiveType::kReinforce,
                                  ObjectiveType::kScst, ObjectiveType::kSeqNll, ObjectiveType::kSoftmaxMargin);
  CAPTURE(name_of(objective));
  Run run(objective);
  if (objective == ObjectiveType::kMrt) run.setup.training.sequence.mrt_alpha = 0.2;  // of few short sentences
  const auto [before, after] = rewards_of(run);
  CAPTURE(before, after);
  CHECK(after > before + 0.02);
}

TEST_CASE("a constant reward teaches minimum risk nothing: not a bit of the weights changes") {
  Run run(GENERATE(ObjectiveType::kMrt, ObjectiveType::kRisk));
  run.setup.training.sequence.reward = RewardType::kConstant;
  Recorder recorder;
  run.train(recorder);
  CHECK(run.values() == load_model(half_learned_model()).values->flat());
}

TEST_CASE("the same seed gives the same bits for any number of threads, and after a stop") {
  const auto objective = GENERATE(ObjectiveType::kMrt, ObjectiveType::kReinforce, ObjectiveType::kMixer);
  CAPTURE(name_of(objective));
  std::vector<std::string> files;
  for (const std::int64_t threads : {1, 3}) {
    Run run(objective);
    run.setup.threads = threads;
    run.setup.training.sequence.baseline = BaselineType::kLinear;
    run.setup.training.sequence.reward = RewardType::kCorpusBleu;
    run.setup.training.sequence.mle_weight = 0.4;
    run.setup.training.stop.max_updates = 20;
    run.setup.training.validation.every_updates = 10;
    Recorder recorder;
    run.train(recorder);
    files.push_back(run.folder.read("m.isthmus"));
    if (threads > 1) continue;
    run.setup.training.stop.max_updates = 10;
    run.train(recorder);
    run.setup.training.stop.max_updates = 20;
    test::train(run.setup, run.text, run.valid, /*resume=*/true);
    files.push_back(run.folder.read("m.isthmus"));
    Run whole(objective);
    whole.setup.training = run.setup.training;
    whole.train(recorder);
    files.push_back(whole.folder.read("m.isthmus"));
  }
  REQUIRE(files.size() == 4);  // one thread, in two parts, whole, three threads
  for (std::size_t i = 1; i < files.size(); ++i) CHECK((files[i] == files[0]));
}

TEST_CASE("candidates are the model's own translations, with their probabilities, whatever stands beside them") {
  Run run(ObjectiveType::kMrt);
  run.setup.training.sequence.include_reference = true;
  const ModelFile file = load_model(half_learned_model());
  const Batch batch = some_batch(run, 9);
  ThreadPool one(1), three(3);
  CandidateMaker alone(*file.model, run.setup.tokenizers, run.setup.training.sequence, 2, one);
  CandidateMaker shared(*file.model, run.setup.tokenizers, run.setup.training.sequence, 2, three);
  const auto sets = alone.make(*file.values, batch, {.greedy_reward = true, .context = true}, Random(7));
  const auto others = shared.make(*file.values, batch, {.greedy_reward = true, .context = true}, Random(7));
  REQUIRE(sets.size() == 9);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    REQUIRE(sets[i].candidates.size() == 9);
    CHECK(sets[i].reference == run.text.target[i]);
    CHECK(sets[i].candidates.back().kind == CandidateTranslation::Kind::kReference);
    CHECK(sets[i].candidates.back().reward == Approx(1.0));
    CHECK(*sets[i].greedy_reward == *others[i].greedy_reward);
    CHECK(sets[i].context == others[i].context);
    for (std::size_t k = 0; k < 9; ++k) {
      const CandidateTranslation& candidate = sets[i].candidates[k];
      CHECK(candidate.tokens == others[i].candidates[k].tokens);
      CHECK(candidate.log_prob == others[i].candidates[k].log_prob);
      const std::vector<Sentence> source = {batch.source[i]}, target = {candidate.tokens};
      const TokenGrid grid = file.model->pack_target(target);
      const std::vector<float> weights(static_cast<std::size_t>(grid.tokens()), 1.0f);
      Scratch<float> scratch;
      const double nll =
          file.model->run(*file.values, file.model->pack_source(source), grid, weights, {}, scratch, nullptr).nll;
      CHECK(candidate.log_prob == Approx(-nll).epsilon(1e-4));
    }
  }
}

TEST_CASE("weights of a batch: of the sentence, of the reference, and of mixer's first tokens") {
  Run run(ObjectiveType::kReinforce);
  const ModelFile file = load_model(half_learned_model());
  const Batch batch = some_batch(run, 5);
  ThreadPool threads(2);
  run.setup.training.sequence.baseline = BaselineType::kNone;
  run.setup.training.sequence.mle_weight = 0.25;
  const auto weigh = [&] {
    SequenceObjective objective(run.setup.training, *file.model, run.setup.tokenizers, run.text.size(), threads);
    return objective.weigh(*file.values, batch, 1, Random(7));
  };
  const auto learned = weigh();
  REQUIRE(learned.size() == 2);
  CHECK(learned[0].targets.size() == 5);
  CHECK(learned[0].targets[0].weights[0] == Approx(0.25 / static_cast<double>(batch.target_tokens())));
  CHECK_FALSE(learned[1].dropout);
  double sum = 0;
  for (const WeightedTarget& target : learned[1].targets) {
    CHECK(target.weights.size() == target.tokens.size() + 1);
    CHECK(target.weights.front() == target.weights.back());
    sum += static_cast<double>(target.weights.front());
  }
  SequenceObjective objective(run.setup.training, *file.model, run.setup.tokenizers, run.text.size(), threads);
  objective.weigh(*file.values, batch, 1, Random(7));
  CHECK(sum == Approx(0.75 * objective.report()->reward));  // Σ r/K of each sentence, mean over them
  CHECK(objective.report()->candidates == 40);

  run.setup.training.objective = ObjectiveType::kMixer;
  run.setup.training.sequence.mixer_start = 2;
  const auto mixed = weigh();
  for (const WeightedTarget& target : mixed[1].targets) {
    const Sentence& reference = batch.target[static_cast<std::size_t>(target.source)];
    const std::size_t prefix = std::min<std::size_t>(2, reference.size());
    const bool is_reference = target.weights.back() == 0.0f && target.weights.front() > 0.0f;
    for (std::size_t t = 0; t < prefix; ++t) {
      CHECK(target.tokens[t] == reference[t]);
      CHECK((target.weights[t] > 0.0f) == is_reference);
    }
  }
}

TEST_CASE("a model that collapses ends the run, and the best one is kept") {
  Run run(ObjectiveType::kReinforce);
  run.setup.training.schedule.learning_rate = 0.5;
  run.setup.training.stop.max_updates = 400;
  run.setup.training.validation.every_updates = 10;
  Recorder recorder;
  const StopReport report = run.train(recorder);
  CHECK(report.failed);
  CHECK(report.reason.find("the model has collapsed: bleu ") == 0);
  CHECK(report.reason.find("rolled back to the model of update ") != std::string::npos);
  CHECK(report.best_score >= recorder.validations.front().scores[1].value);
  if (report.best_update == 0) CHECK(run.values() == load_model(half_learned_model()).values->flat());
}

TEST_CASE("a collapse at the last update, or of the loss, is one as well") {
  Run run(ObjectiveType::kReinforce);
  run.setup.training.schedule.learning_rate = 0.5;
  run.setup.training.stop.max_updates = 12;
  run.setup.training.validation.every_updates = 1000;
  if (GENERATE(false, true)) run.setup.training.validation.metric = SelectionMetric::kLoss;
  Recorder recorder;
  const StopReport report = run.train(recorder);
  CHECK(report.failed);
  CHECK(report.reason.find("the model has collapsed: ") == 0);
  CHECK(report.best_update == 0);
  CHECK(run.values() == load_model(half_learned_model()).values->flat());
}

TEST_CASE("a run that only makes a model worse leaves the one that it started from") {
  Run run(ObjectiveType::kMrt);
  run.setup.training.schedule.learning_rate = 1e-9;
  run.setup.training.stop.max_updates = 4;
  run.setup.training.validation.every_updates = 2;
  Recorder recorder;
  const StopReport report = run.train(recorder);
  CHECK(recorder.validations.front().update == 0);
  CHECK(report.best_update >= 0);
  CHECK(report.best_score == recorder.validations.front().scores[1].value);
}

TEST_CASE("the pairs that are logged are the same in every epoch, and come with all that was weighed") {
  Run run(ObjectiveType::kMrt);
  run.setup.training.sequence.log_candidates = 20;
  run.setup.training.stop.max_updates = 26;  // two epochs
  std::map<std::uint64_t, int> seen;
  Recorder recorder;
  recorder.after_update = [&](const UpdateReport& report) {
    for (const CandidateSetReport& set : report.sequence->sets) {
      ++seen[set.pair];
      CHECK(set.source == run.text.source[set.pair]);
      CHECK(set.reference == run.text.target[set.pair]);
      REQUIRE(set.candidates.size() == 8);
      double q = 0, weight = 0;
      for (const CandidateReport& candidate : set.candidates) {
        q += *candidate.q;
        weight += candidate.weight;
        CHECK(candidate.kind == "sample");
        CHECK_FALSE(candidate.baseline);
        if (candidate.duplicate) CHECK(*candidate.q == 0.0);
      }
      CHECK(q == Approx(1.0));
      CHECK(weight == Approx(0.0).margin(1e-12));
    }
  };
  run.train(recorder);
  CHECK(seen.size() > 8);
  CHECK(seen.size() < 40);
  for (const auto& [pair, times] : seen) CHECK(times == 2);
}

}  // namespace
}  // namespace isthmus
