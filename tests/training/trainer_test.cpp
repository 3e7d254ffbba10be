// Training from text to model file, on a task that a small model can learn.
#include "training/trainer.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "decode/load_translation_model.h"
#include "decode/translator.h"
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

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

double score_of(const ValidationReport& report, std::string_view metric) {
  for (const ScoreReport& score : report.scores) {
    if (score.metric == metric) return score.value;
  }
  FAIL("no score " << metric);
  return 0;
}

TEST_CASE("reversal is learned to near-zero loss, and the model file translates") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.threads = 2;
  setup.model.hidden = 64;
  setup.model.embedding = 32;
  setup.training.batch.sentences = 32;
  setup.training.stop.max_epochs = 16;
  Recorder recorder;
  const StopReport report =
      train(setup, reverse_text(1500, 4, Random(1)), reverse_text(40, 4, Random(2)), false, recorder);
  CHECK(report.best_score > 95.0);
  CHECK(score_of(recorder.validations.back(), "loss") < 0.05);
  CHECK(recorder.updates.front().loss > 2.0);
  CHECK(recorder.updates.back().loss < 0.05);

  Translator translator(translation_model(load_translation_model(setup.model_path)), {}, {});
  const std::vector<std::string> lines = {"ka lomi tu", "dora"};
  const auto translations = translator.translate(lines, {.name = "test"});
  CHECK(translations[0].text() == "tu lomi ka");
  CHECK(translations[1].text() == "dora");
}

TEST_CASE("attention learns long reversals that a fixed vector has not learned by then") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.threads = 2;
  setup.model.hidden = 24;
  setup.model.embedding = 16;
  setup.model.bidirectional = true;
  setup.training.batch.sentences = 20;
  setup.training.stop.max_epochs = 6;
  const ParallelText text = reverse_text(800, 12, Random(1));
  const ParallelText valid = reverse_text(40, 12, Random(2));
  const double without = train(setup, text, valid).best_score;
  setup.model_path = folder.path("attention.isthmus");
  SECTION("bahdanau") { setup.model.attention = AttentionType::kBahdanau; }
  SECTION("luong") { setup.model.attention = AttentionType::kLuong; }
  SECTION("luong, input feeding") {
    setup.model.attention = AttentionType::kLuong;
    setup.model.input_feeding = true;
  }
  const double with = train(setup, text, valid).best_score;
  INFO(with << " BLEU with attention, " << without << " without");
  CHECK(without < 50.0);
  CHECK(with > without + 25.0);
}

TEST_CASE("the same seed gives the same file for any number of threads, another seed another") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(60, 5, Random(1));
  const ParallelText valid = reverse_text(6, 5, Random(2));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.model.dropout = 0.2;
  setup.model.attention = GENERATE(AttentionType::kNone, AttentionType::kBahdanau, AttentionType::kLuong);
  setup.training.batch.shards = 4;
  setup.training.stop.max_updates = 9;
  std::vector<std::string> files;
  for (const std::int64_t threads : {1, 2, 3}) {
    setup.threads = threads;
    train(setup, text, valid);
    files.push_back(folder.read("m.isthmus"));
  }
  CHECK((files[1] == files[0]));
  CHECK((files[2] == files[0]));
  setup.training.seed = 2;
  train(setup, text, valid);
  CHECK((folder.read("m.isthmus") != files[0]));
}

TEST_CASE("every stop option stops, and says so") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(40, 5, Random(1));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.patience = 0;
  SECTION("updates") {
    setup.training.stop.max_updates = 6;
    const StopReport report = train(setup, text);
    CHECK(report.reason == "6 updates done (--max-updates)");
    CHECK(report.updates == 6);
    CHECK(report.epoch == 1.5);
    CHECK_FALSE(report.failed);
  }
  SECTION("epochs") {
    setup.training.stop.max_epochs = 3;
    const StopReport report = train(setup, text);
    CHECK(report.reason == "3 epochs done (--max-epochs)");
    CHECK(report.updates == 12);
    CHECK(report.epoch == 3.0);
  }
  SECTION("minutes") {
    setup.training.stop.max_minutes = 0.001;
    const StopReport report = train(setup, text);
    CHECK(report.reason == "0.001 minutes are over (--max-minutes)");
    CHECK(report.updates > 0);
    CHECK(report.seconds >= 0.06);
  }
  SECTION("patience") {
    setup.training.schedule.learning_rate = 1e-12;  // BLEU stays where it is
    setup.training.stop.patience = 3;
    setup.training.stop.max_epochs = 50;
    Recorder recorder;
    const StopReport report = train(setup, text, reverse_text(5, 5, Random(2)), false, recorder);
    CHECK(report.reason == "no better bleu in 3 validations (--patience)");
    CHECK(report.updates == 16);
    CHECK(report.best_update == 4);
    REQUIRE(recorder.validations.size() == 4);
    CHECK(recorder.validations[0].best);
    CHECK_FALSE(recorder.validations[1].best);
    CHECK(recorder.validations[3].stalled == 3);
  }
  CHECK(load_model(setup.model_path).values->flat().allFinite());
  CHECK(std::filesystem::exists(state_path(setup.model_path)));
}

TEST_CASE("observers are told of every update, validation, file and the end") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(40, 5, Random(1));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 6;
  setup.training.optimizer.clip_norm = 1e-3;
  setup.training.schedule.warmup = 3;
  Recorder recorder;
  train(setup, text, reverse_text(5, 5, Random(2)), false, recorder);

  REQUIRE(recorder.updates.size() == 6);
  std::int64_t tokens = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    const UpdateReport& report = recorder.updates[i];
    tokens += report.target_tokens;
    CHECK(report.update == static_cast<std::int64_t>(i) + 1);
    CHECK(report.epoch == Approx(static_cast<double>(i + 1) / 4));
    CHECK(report.learning_rate == Approx(0.01 * std::min(1.0, static_cast<double>(i + 1) / 3)));
    CHECK(report.total_tokens == tokens);
    CHECK(report.clipped);
    CHECK(report.gradient_norm > 1e-3);
    CHECK(report.loss > 0.0);
    CHECK(report.update_seconds > 0.0);
    CHECK(report.seconds >= report.update_seconds);
  }
  REQUIRE(recorder.validations.size() == 2);  // after the epoch and at the end
  const ValidationReport& validation = recorder.validations[0];
  CHECK(validation.update == 4);
  CHECK(validation.epoch == 1.0);
  CHECK(validation.selection == "bleu");
  CHECK(validation.best);
  CHECK(validation.sample.size() == 3);
  CHECK(score_of(validation, "loss") > 0.0);
  CHECK(score_of(validation, "chrf") >= 0.0);
  CHECK(has(validation.scores[1].signature, "tok:13a"));
  CHECK(recorder.validations[1].update == 6);
  REQUIRE_FALSE(recorder.checkpoints.empty());
  CHECK(recorder.checkpoints[0].path == setup.model_path);
  CHECK(recorder.checkpoints[0].update == 4);
  CHECK(recorder.checkpoints[0].best);
  REQUIRE(recorder.stops.size() == 1);
  CHECK(recorder.stops[0].updates == 6);
  CHECK(recorder.stops[0].best_metric == "bleu");
}

TEST_CASE("the model file knows where it came from") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 4;
  setup.training.seed = 77;
  train(setup, reverse_text(40, 5, Random(1)), reverse_text(5, 5, Random(2)));
  const ModelFile file = load_model(setup.model_path);
  const auto provenance = nlohmann::json::parse(file.provenance);
  CHECK(provenance["updates"] == 4);
  CHECK(provenance["isthmus"] == "0.0.0");
  CHECK(provenance["corpus"]["train-source"] == "00ff");
  CHECK(provenance["training"]["seed"] == 77);
  CHECK(provenance["selected-by"] == "bleu");
  CHECK(provenance["validation-score"].is_number());
  CHECK(file.target_tokenizer.empty());
  CHECK((file.source_tokenizer == setup.tokenizers.source.bytes()));
}

TEST_CASE("a loss that is not a number ends the run and leaves the earlier model") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(40, 5, Random(1));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 30;
  train(setup, text);
  const std::string before = folder.read("m.isthmus");
  const std::string state_before = folder.read("m.isthmus.state");
  setup.training.schedule.learning_rate = 1e38;
  SECTION("without held-out text") {}
  // The step itself, not the loss before it, makes the weights infinite: the epoch's end, which saves, comes first.
  SECTION("in epochs of one batch") {
    setup.training.batch.sentences = 40;
    setup.training.schedule.learning_rate = 1e300;
  }
  SECTION("at the last update") {
    setup.training.stop.max_updates = 1;
    setup.training.schedule.learning_rate = 1e300;
  }
  Recorder recorder;
  const StopReport report = train(setup, text, {}, false, recorder);
  CHECK(report.failed);
  CHECK(has(report.reason, "not a number at update"));
  CHECK(has(report.reason, "--learning-rate"));
  CHECK(has(report.reason, setup.model_path + " is left as it was"));
  CHECK(report.updates < 3);
  CHECK(recorder.stops.size() == 1);
  CHECK(recorder.checkpoints.empty());
  CHECK((folder.read("m.isthmus") == before));
  CHECK((folder.read("m.isthmus.state") == state_before));
}

TEST_CASE("a run that diverges says which model it keeps") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(40, 5, Random(1));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 8;
  train(setup, text);
  const std::string before = folder.read("m.isthmus");
  const StoredState stored = StoredState::load(state_path(setup.model_path));
  const Seq2Seq<float> model(setup.model);
  Arena<float> values(model.layout());
  Optimizer optimizer(setup.training.optimizer, model.layout());
  stored.restore(values, optimizer);
  values.flat() *= 1e30F;
  save_state(state_path(setup.model_path), stored.state(), values, optimizer);
  setup.training.stop.max_updates = 12;
  const StopReport report = train(setup, text, {}, true);
  CHECK(report.failed);
  CHECK(has(report.reason, "at update 9; try a lower --learning-rate"));
  CHECK(has(report.reason, setup.model_path + " keeps the model of update 8"));
  CHECK((folder.read("m.isthmus") == before));
}

TEST_CASE("a loss that is finite but beyond all sense ends the run, and is never the best") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.optimizer.type = OptimizerType::kSgd;
  setup.training.optimizer.clip_norm = 0;
  setup.training.schedule.learning_rate = 1e7;
  setup.training.validation.every_updates = 1;
  setup.training.stop.max_updates = 9;
  Recorder recorder;
  const StopReport report =
      train(setup, reverse_text(40, 5, Random(1)), reverse_text(5, 5, Random(2)), false, recorder);
  CHECK(report.failed);
  CHECK(has(report.reason, "nats a piece at update 2"));
  CHECK(has(report.reason, setup.model_path + " was not written"));
  REQUIRE(recorder.validations.size() == 1);
  CHECK(score_of(recorder.validations[0], "loss") > 1000);
  CHECK_FALSE(recorder.validations[0].best);
  CHECK_FALSE(std::filesystem::exists(setup.model_path));
}

TEST_CASE("an error on the way ends the run, and the observers hear of it") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 9;
  Recorder recorder;
  recorder.after_update = [](const UpdateReport& report) {
    if (report.update == 3) throw InputError::in_file("a.file", "no space is left on the device", "make room");
  };
  const StopReport report = train(setup, reverse_text(40, 5, Random(1)), {}, false, recorder);
  CHECK(report.failed);
  CHECK(has(report.reason, "a.file"));
  CHECK(has(report.reason, "make room"));
  CHECK(report.updates == 3);
  REQUIRE(recorder.stops.size() == 1);
  CHECK(recorder.stops[0].reason == report.reason);
}

TEST_CASE("held-out text is scored with the asked-for words") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 1;
  setup.training.validation.tokenize = MetricTokenizer::kChar;
  Recorder recorder;
  train(setup, reverse_text(40, 5, Random(1)), reverse_text(5, 5, Random(2)), false, recorder);
  REQUIRE(recorder.validations.size() == 1);
  CHECK(has(recorder.validations[0].scores[1].signature, "tok:char"));
}

TEST_CASE("the last models are kept, older ones removed") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.validation.every_updates = 2;
  setup.training.stop.max_updates = 8;
  setup.training.keep_last = 2;
  train(setup, reverse_text(40, 5, Random(1)));
  CHECK_FALSE(std::filesystem::exists(folder.path("m.update-2.isthmus")));
  CHECK_FALSE(std::filesystem::exists(folder.path("m.update-4.isthmus")));
  CHECK(load_model(folder.path("m.update-6.isthmus")).values->flat() !=
        load_model(folder.path("m.update-8.isthmus")).values->flat());
  CHECK((folder.read("m.update-8.isthmus") == folder.read("m.isthmus")));
}

TEST_CASE("the state is beside the model") { CHECK(state_path("dir/m.isthmus") == "dir/m.isthmus.state"); }

TEST_CASE("the moving average is what is validated and saved") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(40, 5, Random(1));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 8;
  train(setup, text);
  const ModelFile plain = load_model(setup.model_path);
  setup.training.optimizer.average_decay = 0.9;
  train(setup, text);
  const ModelFile averaged = load_model(setup.model_path);
  CHECK(averaged.values->flat() != plain.values->flat());
  Optimizer optimizer(setup.training.optimizer, averaged.model->layout());
  Arena<float> values(averaged.model->layout());
  StoredState::load(state_path(setup.model_path)).restore(values, optimizer);
  CHECK(values.flat() == plain.values->flat());
  CHECK(optimizer.average()->flat() == averaged.values->flat());
}

TEST_CASE("held-out text without a usable pair is refused") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 1;
  setup.training.max_length = 2;
  ParallelText text;
  text.source_name = "dev.en";
  text.source = {"", "ka", "ka lomi tu"};
  text.target = {"ka", "  ", "tu lomi ka"};
  CHECK_THROWS_WITH(Trainer(setup, encoded(setup, reverse_text(5, 2, Random(1))), text),
                    Catch::Contains("dev.en: has no pair to validate on"));
}

TEST_CASE("long pairs are left out or cropped") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_epochs = 1;
  setup.training.max_length = 3;
  ParallelText text;
  text.source = {"ka", "ka lomi tu", "ka lomi tu seri no"};
  text.target = {"ka", "tu lomi ka", "no seri tu lomi ka"};
  SECTION("left out") {
    Trainer trainer(setup, encoded(setup, text), {});
    CHECK(trainer.corpus().pairs() == 2);
    CHECK(trainer.corpus().counts().skipped_long == 1);
    Recorder recorder;
    trainer.run({&recorder});
    CHECK(recorder.updates.at(0).target_tokens == 2 + 4);
  }
  SECTION("cropped") {
    setup.training.long_pairs = LongPairs::kCrop;
    Trainer trainer(setup, encoded(setup, text), {});
    CHECK(trainer.corpus().pairs() == 3);
    CHECK(trainer.corpus().counts().cropped == 1);
    Recorder recorder;
    trainer.run({&recorder});
    CHECK(recorder.updates.at(0).target_tokens == 2 + 4 + 4);
  }
}

TEST_CASE("held-out text may be one line, or have empty and long ones") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_epochs = 1;
  setup.training.max_length = 3;
  ParallelText valid;
  valid.source_name = "dev.en";
  SECTION("one") {
    valid.source = {"ka lomi"};
    valid.target = {"lomi ka"};
  }
  SECTION("odd ones") {
    valid.source = {"", "ka lomi tu seri no", "ka"};
    valid.target = {"ka", "no seri tu lomi ka", "ka"};
  }
  Recorder recorder;
  const StopReport report = train(setup, reverse_text(20, 3, Random(1)), valid, false, recorder);
  CHECK(report.updates == 2);
  REQUIRE(recorder.validations.size() == 1);
  CHECK(std::isfinite(score_of(recorder.validations[0], "loss")));
  CHECK(recorder.validations[0].sample.size() == 3);
}

TEST_CASE("validation can be by loss and on fewer sentences") {
  const TemporaryFolder folder;
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_epochs = 3;
  setup.training.validation.metric = SelectionMetric::kLoss;
  setup.training.validation.sentences = 1;
  Recorder recorder;
  ParallelText valid = reverse_text(5, 4, Random(2));
  const std::string first_line = valid.source[0];
  const StopReport report = train(setup, reverse_text(100, 4, Random(1)), valid, false, recorder);
  REQUIRE(recorder.validations.size() == 3);
  double lowest = 1e300;
  for (const ValidationReport& validation : recorder.validations) {
    CHECK(validation.selection == "loss");
    CHECK(validation.sample[0] == first_line);
    CHECK(validation.best == (score_of(validation, "loss") < lowest));
    lowest = std::min(lowest, score_of(validation, "loss"));
  }
  CHECK(lowest < score_of(recorder.validations[0], "loss"));
  CHECK(report.best_metric == "loss");
  CHECK(report.best_score == lowest);
}

TEST_CASE("another model's weights can be the first ones") {
  const TemporaryFolder folder;
  const ParallelText text = reverse_text(40, 5, Random(1));
  TrainingSetup setup = reverse_setup(folder.path("m.isthmus"));
  setup.training.stop.max_updates = 4;
  train(setup, text);
  const ModelFile first = load_model(setup.model_path);
  setup.model_path = folder.path("n.isthmus");
  setup.training.schedule.learning_rate = 1e-30;  // the steps vanish beside the weights
  {
    Trainer trainer(setup, encoded(setup, text), {});
    trainer.start_from(first, "m.isthmus");
    trainer.run({});
    CHECK(load_model(setup.model_path).values->flat().isApprox(first.values->flat(), 1e-6f));
  }
  setup.model.hidden = 10;
  Trainer trainer(setup, encoded(setup, text), {});
  CHECK_THROWS_WITH(trainer.start_from(first, "m.isthmus"),
                    Catch::Contains("m.isthmus: has another shape than the model to be trained"));
}

}  // namespace
}  // namespace isthmus
