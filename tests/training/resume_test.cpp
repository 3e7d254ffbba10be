// N updates are N/2 updates, the end of the program, and N/2 updates: bit for bit.
#include <csignal>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/interrupt.h"
#include "model/model_file.h"
#include "tests/catch.h"
#include "tests/training/reverse_task.h"

namespace isthmus {
namespace {

using test::encoded;
using test::Recorder;
using test::reverse_setup;
using test::reverse_text;
using test::train;
using testing::TemporaryFolder;

const ParallelText& text() {
  static const ParallelText kText = reverse_text(40, 5, Random(1));
  return kText;
}

const ParallelText& valid() {
  static const ParallelText kValid = reverse_text(6, 4, Random(2));
  return kValid;
}

/// Everything that has a state: dropout, smoothing, sampled pieces, a moving average, a plateau. Epochs of 4 updates,
/// validation each 3.
TrainingSetup rich_setup(const std::string& path) {
  static const TokenizerPair tokenizers = test::reverse_tokenizers(TokenizerType::kUnigram);
  TrainingSetup setup = reverse_setup(path);
  setup.tokenizers = tokenizers;
  setup.model.source_vocabulary = setup.model.target_vocabulary = static_cast<std::int64_t>(tokenizers.source.size());
  setup.model.dropout = 0.2;
  setup.model.recurrent_dropout = 0.1;
  setup.training.label_smoothing = 0.1;
  setup.training.sampling_alpha = 0.3;
  setup.training.optimizer.average_decay = 0.5;
  setup.training.schedule.learning_rate = 0.2;  // so high that the score stalls now and then
  setup.training.schedule.decay = DecayType::kPlateau;
  setup.training.validation.every_updates = 3;
  setup.training.validation.metric = SelectionMetric::kLoss;
  setup.training.stop.max_updates = 14;
  return setup;
}

/// Signals set the flag, which is forgotten at the end.
struct Interruptible {
  ~Interruptible() { clear_interrupt(); }
  InterruptScope scope;
};

struct Remains {
  std::string model;
  TrainingProgress progress;
  std::string values;
  std::vector<std::string> optimizer;
};

/// What a run left.
Remains remains_of(const TrainingSetup& setup) {
  Remains remains;
  remains.model = read_file(setup.model_path);
  const StoredState stored = StoredState::load(state_path(setup.model_path));
  remains.progress = stored.state().progress;
  remains.progress.seconds = 0;
  const Seq2Seq<float> model(setup.model);
  Arena<float> values(model.layout());
  Optimizer optimizer(setup.training.optimizer, model.layout());
  stored.restore(values, optimizer);
  remains.values = bytes_of(values);
  for (const auto& [name, arena] : optimizer.state()) remains.optimizer.emplace_back(bytes_of(*arena));
  return remains;
}

void check_same(const Remains& a, const Remains& b) {
  CHECK(to_json(a.progress) == to_json(b.progress));
  CHECK((a.values == b.values));
  CHECK((a.optimizer == b.optimizer));
  CHECK((a.model == b.model));
}

Remains uninterrupted(const TemporaryFolder& folder, const ParallelText& held_out) {
  const TrainingSetup setup = rich_setup(folder.path("whole.isthmus"));
  Recorder recorder;
  train(setup, text(), held_out, false, recorder);
  if (held_out.size() > 0) {
    // The test is worth something only if the plateau did its work and the best is not simply the last.
    CHECK(recorder.updates.back().learning_rate < 0.2);
    CHECK(recorder.updates.back().learning_rate > 0.0);
  }
  return remains_of(setup);
}

TEST_CASE("a run in two parts gives the bits of a run in one") {
  const TemporaryFolder folder;
  const Remains whole = uninterrupted(folder, valid());
  TrainingSetup setup = rich_setup(folder.path("parts.isthmus"));
  // In the middle of an epoch, at a validation, at the end of an epoch; 1 comes before there is any best model.
  setup.training.stop.max_updates = GENERATE(1, 5, 6, 7, 8, 12);
  CAPTURE(setup.training.stop.max_updates);
  train(setup, text(), valid());
  const std::int64_t best = remains_of(setup).progress.best.update;
  CHECK((best < 0 || best % 3 == 0));  // the extra validation at the end is none of the state's
  setup.training.stop.max_updates = 14;
  train(setup, text(), valid(), true);
  check_same(remains_of(setup), whole);
}

/// Gives the model file another score, as if its validation had found that.
void claim(const TrainingSetup& setup, const std::function<void(nlohmann::json&)>& change) {
  ModelFile file = load_model(setup.model_path);
  auto provenance = nlohmann::json::parse(file.provenance);
  change(provenance);
  file.provenance = provenance.dump();
  save_model(setup.model_path, file);
}

TEST_CASE("a resumed run does not replace a better model that its last part ended with") {
  const TemporaryFolder folder;
  TrainingSetup setup = rich_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 5;
  train(setup, text(), valid());
  const std::int64_t updates = nlohmann::json::parse(load_model(setup.model_path).provenance)["updates"];
  setup.training.stop.max_updates = 14;
  Recorder recorder;
  SECTION("its own") {
    claim(setup, [](nlohmann::json& provenance) { provenance["validation-score"] = 0.001; });
    const std::string before = read_file(setup.model_path);
    const StopReport report = train(setup, text(), valid(), true, recorder);
    CHECK((read_file(setup.model_path) == before));
    CHECK(report.best_score == 0.001);
    CHECK(report.best_update == updates);
    for (const ValidationReport& validation : recorder.validations) {
      CHECK_FALSE(validation.best);
      CHECK(validation.best_update == updates);
    }
  }
  SECTION("but one of another text, of later updates or without a score") {
    const int which = GENERATE(0, 1, 2);
    claim(setup, [which](nlohmann::json& provenance) {
      provenance["validation-score"] = 0.001;
      if (which == 0) provenance["corpus"]["train-source"] = "ee";
      if (which == 1) provenance["updates"] = 1000;
      if (which == 2) provenance.erase("validation-score");
    });
    const StopReport report = train(setup, text(), valid(), true, recorder);
    CHECK(report.best_score > 0.01);
    CHECK(report.best_update <= 14);
  }
}

TEST_CASE("a run whose model file was lost ends with one") {
  const TemporaryFolder folder;
  TrainingSetup setup = rich_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 12;
  train(setup, text(), valid());
  std::filesystem::remove(setup.model_path);
  setup.training.stop.max_updates = 14;
  const StopReport report = train(setup, text(), valid(), true);
  CHECK(report.best_update == 14);
  CHECK(nlohmann::json::parse(load_model(setup.model_path).provenance)["updates"] == 14);
}

TEST_CASE("a run in many parts, without held-out text, gives the bits of a run in one") {
  const TemporaryFolder folder;
  TrainingSetup setup = rich_setup(folder.path("m.isthmus"));
  setup.training.schedule.decay = DecayType::kInverseSqrt;
  train(setup, text());
  const Remains whole = remains_of(setup);
  for (std::int64_t updates = 1; updates <= 14; ++updates) {
    setup.training.stop.max_updates = updates;
    setup.threads = 1 + updates % 2;
    train(setup, text(), {}, updates > 1);
  }
  check_same(remains_of(setup), whole);
}

TEST_CASE("an interrupted run saves, says so, and goes on as if nothing had been") {
  const TemporaryFolder folder;
  const Remains whole = uninterrupted(folder, valid());
  const TrainingSetup setup = rich_setup(folder.path("parts.isthmus"));
  const std::int64_t at = GENERATE(1, 3, 4, 6, 7);  // 3 and 6 are due to be validated
  CAPTURE(at);
  {
    const Interruptible scope;
    Recorder recorder;
    recorder.after_update = [&](const UpdateReport& report) {
      if (report.update == at) std::raise(SIGINT);
    };
    const StopReport report = train(setup, text(), valid(), false, recorder);
    CHECK(report.reason == "interrupted; --resume goes on");
    CHECK_FALSE(report.failed);
    CHECK(report.updates == at);
    CHECK(recorder.stops.size() == 1);
  }
  CHECK(load_model(setup.model_path).values->flat().allFinite());
  train(setup, text(), valid(), true);
  check_same(remains_of(setup), whole);
}

TEST_CASE("a run interrupted without held-out text leaves the last weights as the model") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 20;
  const Interruptible scope;
  Recorder recorder;
  recorder.after_update = [](const UpdateReport& report) {
    if (report.update == 6) std::raise(SIGTERM);
  };
  train(setup, text(), {}, false, recorder);
  const Remains remains = remains_of(setup);
  CHECK(remains.progress.update == 6);
  CHECK((bytes_of(*load_model(setup.model_path).values) == remains.values));
}

/// No error of the program's: nothing may catch it.
struct Killed {};

TEST_CASE("a killed run goes on from its last save") {
  const TemporaryFolder folder;
  const Remains whole = uninterrupted(folder, valid());
  TrainingSetup setup = rich_setup(folder.path("parts.isthmus"));
  setup.training.save_every = 2;
  Recorder recorder;
  recorder.after_update = [&](const UpdateReport& report) {
    if (report.update == 9) throw Killed();
  };
  CHECK_THROWS_AS(train(setup, text(), valid(), false, recorder), Killed);
  CHECK(remains_of(setup).progress.update == 8);
  train(setup, text(), valid(), true);
  check_same(remains_of(setup), whole);
}

TEST_CASE("a finished run that is resumed stops at once") {
  const TemporaryFolder folder;
  const TrainingSetup setup = rich_setup(folder.path("m.isthmus"));
  train(setup, text(), valid());
  const Remains before = remains_of(setup);
  Recorder recorder;
  const StopReport report = train(setup, text(), valid(), true, recorder);
  CHECK(report.reason == "14 updates done (--max-updates)");
  CHECK(recorder.updates.empty());
  check_same(remains_of(setup), before);
}

TEST_CASE("patience counts on from the earlier part") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.schedule.learning_rate = 1e-12;
  setup.training.stop.patience = 4;
  setup.training.stop.max_epochs = 3;
  train(setup, text(), valid());
  setup.training.stop.max_epochs = 50;
  const StopReport report = train(setup, text(), valid(), true);
  CHECK(report.reason == "no better bleu in 4 validations (--patience)");
  CHECK(report.updates == 5 * 4);
}

TEST_CASE("a state of another run is refused, and the difference named") {
  const TemporaryFolder folder;
  TrainingSetup setup = rich_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 2;
  train(setup, text(), valid());
  const StoredState stored = StoredState::load(state_path(setup.model_path));
  const auto failure = [&](const TrainingSetup& changed) {
    Trainer trainer(changed, encoded(changed, text()), valid());
    try {
      trainer.resume(stored);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  TrainingSetup other = setup;
  other.training.schedule.learning_rate = 0.3;
  CHECK(failure(other).find("m.isthmus.state: cannot go on: --learning-rate was 0.2 and is now 0.3; give --resume") !=
        std::string::npos);
  other = setup;
  other.model.hidden = 10;
  CHECK(failure(other).find("--hidden was 8 and is now 10") != std::string::npos);
  other = setup;
  other.training.optimizer.type = OptimizerType::kSgd;
  CHECK(failure(other).find(R"(--optimizer was "adam" and is now "sgd")") != std::string::npos);
  other = setup;
  other.corpus_identity = R"({"train-source":"1234"})";
  CHECK(failure(other).find("the text of --source has changed") != std::string::npos);
  other = setup;
  other.training.stop.max_updates = 100;
  other.training.keep_last = 3;
  other.training.log_every = 7;
  other.threads = 2;
  CHECK(failure(other) == "no error");
}

TEST_CASE("a state that points where no batch begins is refused") {
  const TemporaryFolder folder;
  TrainingSetup setup = rich_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 2;
  train(setup, text());
  const Seq2Seq<float> model(setup.model);
  Arena<float> values(model.layout());
  Optimizer optimizer(setup.training.optimizer, model.layout());
  TrainingState state = StoredState::load(state_path(setup.model_path)).state();
  state.progress.position =
      GENERATE(as<std::int64_t>(), 15, 40, std::int64_t{1} << 40);  // of 40 pairs in batches of 10
  save_state(state_path(setup.model_path), state, values, optimizer);
  setup.training.stop.max_updates = 4;
  const StopReport report = train(setup, text(), {}, true);
  CHECK(report.failed);
  CHECK(report.updates == 2);
  CHECK(report.reason.find("m.isthmus.state") != std::string::npos);
  CHECK(report.reason.find("--force") != std::string::npos);
}

}  // namespace
}  // namespace isthmus
