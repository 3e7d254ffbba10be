// What a resumed run must remember, option by option: each update and each validation after a kill is that of a run
// that was never stopped.
#include <algorithm>
#include <filesystem>
#include <map>

#include "tests/catch.h"
#include "tests/training/reverse_task.h"
#include "training/snapshots.h"

namespace isthmus {
namespace {

using test::Recorder;
using test::reverse_setup;
using test::reverse_text;
using test::train;
using testing::TemporaryFolder;

/// No error of the program's: nothing may catch it.
struct Killed {};

struct Told {
  std::vector<UpdateReport> updates;
  std::vector<ValidationReport> validations;
  std::string reason;
  std::map<std::string, std::string> models;  ///< the best and the snapshots
};

/// Trains, and goes on after each kill; `kills` are updates after which the program dies, in order.
Told told_by(TrainingSetup setup, std::vector<std::int64_t> kills) {
  const TemporaryFolder folder;
  setup.model_path = folder.path("m.isthmus");
  const ParallelText text = reverse_text(40, 5, Random(1));
  const ParallelText valid = reverse_text(6, 4, Random(2));
  Told told;
  bool done = false;
  while (!done) {
    Recorder recorder;
    recorder.after_update = [&](const UpdateReport& report) {
      if (kills.empty() || report.update != kills.front()) return;
      kills.erase(kills.begin());
      throw Killed();
    };
    try {
      told.reason = train(setup, text, valid, std::filesystem::exists(state_path(setup.model_path)), recorder).reason;
      done = true;
    } catch (const Killed&) {
    }
    // What the next part does again takes the place of what was lost.
    const auto replace = [](auto& all, const auto& part) {
      if (part.empty()) return;
      std::erase_if(all, [&](const auto& report) { return report.update >= part.front().update; });
      all.insert(all.end(), part.begin(), part.end());
    };
    replace(told.updates, recorder.updates);
    replace(told.validations, recorder.validations);
  }
  told.models["best"] = read_file(setup.model_path);
  for (const std::int64_t update : find_snapshots(setup.model_path)) {
    told.models[std::to_string(update)] = read_file(snapshot_path(setup.model_path, update));
  }
  return told;
}

void check_same(const Told& parts, const Told& whole) {
  CHECK(parts.reason == whole.reason);
  REQUIRE(parts.updates.size() == whole.updates.size());
  for (std::size_t i = 0; i < whole.updates.size(); ++i) {
    CAPTURE(i);
    CHECK(parts.updates[i].update == whole.updates[i].update);
    CHECK(parts.updates[i].epoch == whole.updates[i].epoch);
    CHECK(parts.updates[i].loss == whole.updates[i].loss);
    CHECK(parts.updates[i].gradient_norm == whole.updates[i].gradient_norm);
    CHECK(parts.updates[i].learning_rate == whole.updates[i].learning_rate);
    CHECK(parts.updates[i].total_tokens == whole.updates[i].total_tokens);
  }
  REQUIRE(parts.validations.size() == whole.validations.size());
  for (std::size_t i = 0; i < whole.validations.size(); ++i) {
    CAPTURE(i);
    const ValidationReport& one = parts.validations[i];
    const ValidationReport& other = whole.validations[i];
    CHECK(one.update == other.update);
    CHECK(one.scores.at(0).value == other.scores.at(0).value);
    CHECK(one.best == other.best);
    CHECK(one.best_update == other.best_update);
    CHECK(one.stalled == other.stalled);
    CHECK((one.sample == other.sample));
  }
  CHECK((parts.models == whole.models));
}

/// Epochs of four updates, a validation each three, saves each two; so high a rate that the score stalls now and then.
TrainingSetup restless_setup() {
  TrainingSetup setup = reverse_setup("");
  setup.model.dropout = 0.2;
  setup.training.schedule.learning_rate = 0.2;
  setup.training.validation.every_updates = 3;
  setup.training.validation.metric = SelectionMetric::kLoss;
  setup.training.save_every = 2;
  setup.training.stop.max_updates = 19;
  setup.training.stop.patience = 0;
  return setup;
}

TEST_CASE("every rule and schedule goes on after kills as if nothing had been") {
  TrainingSetup setup = restless_setup();
  setup.training.optimizer.type =
      GENERATE(OptimizerType::kAdam, OptimizerType::kAdamW, OptimizerType::kSgd, OptimizerType::kAdagrad);
  setup.training.schedule.decay = GENERATE(DecayType::kNone, DecayType::kInverseSqrt, DecayType::kPlateau);
  setup.training.optimizer.average_decay = GENERATE(0.0, 0.8);
  setup.training.schedule.warmup = 6;  // a kill falls into the warm-up, one after it
  CAPTURE(setup.training.optimizer.type, setup.training.schedule.decay, setup.training.optimizer.average_decay);
  const Told whole = told_by(setup, {});
  CHECK(whole.updates[3].learning_rate < whole.updates[5].learning_rate);
  check_same(told_by(setup, {5, 12, 18}), whole);
}

TEST_CASE("a plateau that has waited goes on waiting, and its floor holds") {
  TrainingSetup setup = restless_setup();
  setup.training.schedule.decay = DecayType::kPlateau;
  setup.training.schedule.decay_patience = 2;
  setup.training.schedule.decay_factor = 0.3;
  setup.training.schedule.min_learning_rate = 0.1;
  setup.training.schedule.learning_rate = 0.5;
  setup.training.stop.max_updates = 80;
  const Told whole = told_by(setup, {});
  const auto stalled_once = std::find_if(whole.validations.begin(), whole.validations.end(),
                                         [](const ValidationReport& report) { return report.stalled == 1; });
  REQUIRE(stalled_once != whole.validations.end());
  CHECK(whole.updates.back().learning_rate == 0.1);
  // Between the first validation without a better score and the second, where the rate falls.
  check_same(told_by(setup, {stalled_once->update + 2}), whole);
}

TEST_CASE("patience ends a run at the same update, however often it was killed") {
  TrainingSetup setup = restless_setup();
  setup.training.stop.patience = 3;
  setup.training.stop.max_updates = 500;
  setup.training.schedule.learning_rate = 0.5;
  const Told whole = told_by(setup, {});
  const std::int64_t end = whole.updates.back().update;
  CHECK(whole.reason == "no better loss in 3 validations (--patience)");
  REQUIRE(end > 9);
  check_same(told_by(setup, {end - 8, end - 5, end - 4, end - 1}), whole);
}

TEST_CASE("the last models are those of a run that was never stopped") {
  TrainingSetup setup = restless_setup();
  setup.training.keep_last = 3;
  const Told whole = told_by(setup, {});
  CHECK(whole.models.size() == 4);
  check_same(told_by(setup, {4, 8, 10, 16}), whole);
}

TEST_CASE("each kill before the first save starts the run anew, and it ends the same") {
  TrainingSetup setup = restless_setup();
  check_same(told_by(setup, {1, 1, 2}), told_by(setup, {}));
}

}  // namespace
}  // namespace isthmus
