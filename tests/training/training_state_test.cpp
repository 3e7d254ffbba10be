#include "training/training_state.h"

#include <limits>
#include <map>

#include "core/error.h"
#include "core/section_file.h"
#include "model/model_file.h"
#include "model/seq2seq.h"
#include "tests/catch.h"
#include "tests/core/section_bytes.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_values;
using test::tiny_options;
using testing::TemporaryFolder;

const TrainingState kState = {.identity = {.model_options = R"({"hidden":4})",
                                           .training_options = R"({"seed":1,"dropout":0.1})",
                                           .corpus = R"({"train-source":"ab"})"},
                              .progress = {.update = 12,
                                           .epoch = 3,
                                           .position = 2,
                                           .tokens = 12345,
                                           .seconds = 1.0 / 3.0,
                                           .rate_factor = 0.25,
                                           .best = {.score = -0.1, .loss = 2.5, .update = 9},
                                           .stalled = 1},
                              .source_tokenizer = std::string("s\0t", 3),
                              .target_tokenizer = "t"};

OptimizerOptions averaging() {
  OptimizerOptions options;
  options.average_decay = 0.9;
  return options;
}

void some_steps(Optimizer& optimizer, Arena<float>& values, std::uint64_t from, std::uint64_t to) {
  ThreadPool threads(1);
  for (std::uint64_t t = from; t < to; ++t) {
    const auto grads = random_values<float>(values.layout(), Random(t));
    optimizer.step(0.01, grads, static_cast<double>(grads.flat().squaredNorm()), values, threads);
  }
}

/// Saves a state after three steps.
std::string write_state(const TemporaryFolder& folder, const Layout& layout) {
  Arena<float> values = random_values<float>(layout, Random(1));
  Optimizer optimizer(averaging(), layout);
  some_steps(optimizer, values, 0, 3);
  save_state(folder.path("a.state"), kState, values, optimizer);
  return folder.path("a.state");
}

std::string failure_of(const std::string& path) {
  try {
    StoredState::load(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("a state comes back, and training goes on with the same bits") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  Arena<float> values = random_values<float>(model.layout(), Random(1));
  Optimizer optimizer(averaging(), model.layout());
  some_steps(optimizer, values, 0, 3);
  save_state(folder.path("a.state"), kState, values, optimizer);
  some_steps(optimizer, values, 3, 6);

  const StoredState stored = StoredState::load(folder.path("a.state"));
  CHECK(to_json(stored.state().progress) == to_json(kState.progress));
  CHECK(stored.state().progress.seconds == 1.0 / 3.0);
  CHECK(stored.state().source_tokenizer == kState.source_tokenizer);
  CHECK(stored.state().target_tokenizer == kState.target_tokenizer);
  Arena<float> other_values(model.layout());
  Optimizer other(averaging(), model.layout());
  stored.restore(other_values, other);
  CHECK(other.steps() == 3);
  some_steps(other, other_values, 3, 6);
  CHECK(other_values.flat() == values.flat());
  CHECK(other.average()->flat() == optimizer.average()->flat());
}

TEST_CASE("the first option that differs is named with both values") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  const StoredState stored = StoredState::load(write_state(folder, model.layout()));
  const auto failure = [&](const RunIdentity& identity) {
    try {
      stored.require_same(identity);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  CHECK(failure(kState.identity) == "no error");
  RunIdentity other = kState.identity;
  other.training_options = R"({"seed":2,"dropout":0.1})";
  CHECK(has(failure(other), "a.state: cannot go on: --seed was 1 and is now 2; give --resume the options"));
  other.model_options = R"({"hidden":5})";
  CHECK(has(failure(other), "--hidden was 4 and is now 5"));
  other = kState.identity;
  other.training_options = R"({"seed":1,"dropout":0.1,"novelty":3})";
  CHECK(has(failure(other), "--novelty is new"));
  other = kState.identity;
  other.corpus = R"({"train-source":"cd"})";
  CHECK(has(failure(other), "a.state: cannot go on: the text of --source has changed; give --resume the options"));
  other.corpus = R"({"train-source":"ab","valid-source":"e","valid-target":"f"})";
  CHECK(has(failure(other), "the text of --valid-source, --valid-target has changed"));
  for (const char* unknown : {"", "[1]", R"({"train-source":"ab","surprise":1})"}) {
    other.corpus = unknown;
    CHECK(has(failure(other), "has changed"));
  }
}

TEST_CASE("values and moments that are no numbers are refused, however right the checksum") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  const auto good = testing::copied_sections(write_state(folder, model.layout()), "state");
  for (const char* name : {"values", "arena: first moment", "arena: second moment", "arena: average"}) {
    CAPTURE(name);
    auto sections = good;
    sections.at(name).replace(8, sizeof(float), testing::number_bytes(std::numeric_limits<float>::quiet_NaN()));
    const std::string path =
        folder.write("bad", testing::section_file("state", 1, testing::archive_of({sections.begin(), sections.end()})));
    Arena<float> values(model.layout());
    Optimizer optimizer(averaging(), model.layout());
    CHECK_THROWS_WITH(
        StoredState::load(path).restore(values, optimizer),
        Catch::Contains(path + ": section '" + name + "' has numbers that are none; use a backup, or start anew"));
  }
}

TEST_CASE("values and moments of another size or kind are refused") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  const StoredState stored = StoredState::load(write_state(folder, model.layout()));
  ModelOptions options = tiny_options();
  options.hidden = 5;
  const Seq2Seq<float> wider(options);
  Arena<float> wide_values(wider.layout());
  Optimizer wide_optimizer(averaging(), wider.layout());
  CHECK_THROWS_WITH(stored.restore(wide_values, wide_optimizer), Catch::Contains("section 'values' has"));

  OptimizerOptions sgd;
  sgd.type = OptimizerType::kSgd;
  Arena<float> values(model.layout());
  Optimizer fewer(sgd, model.layout());
  save_state(folder.path("b.state"), kState, values, fewer);
  Optimizer more(averaging(), model.layout());
  CHECK_THROWS_WITH(StoredState::load(folder.path("b.state")).restore(values, more),
                    Catch::Contains("section 'arena: second moment' is missing"));
}

TEST_CASE("a state file that is cut, foreign or lacks a part is refused") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  const std::string path = write_state(folder, model.layout());
  const std::string whole = folder.read("a.state");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    CAPTURE(size);
    CHECK(failure_of(folder.write("cut", std::string_view(whole).substr(0, size))) != "no error");
  }
  CHECK(has(failure_of(folder.write("model", testing::section_file("model", 1, testing::archive_of({})))),
            "holds a model, not a state; use a backup, or start anew with --force or another --model"));
  CHECK(has(failure_of(folder.write("empty", "")), "is not a file that Isthmus wrote; use a backup, or start anew"));
  CHECK(has(failure_of(folder.write("newer", testing::section_file("state", 2, testing::archive_of({})))),
            "has format version 2; this program reads version 1; use the release of Isthmus that wrote it"));
  const auto sections = testing::copied_sections(path, "state");
  for (const char* name :
       {"model options", "training options", "corpus", "progress", "source tokenizer", "target tokenizer"}) {
    auto fewer = sections;
    fewer.erase(name);
    const std::string bytes = testing::section_file("state", 1, testing::archive_of({fewer.begin(), fewer.end()}));
    CHECK(has(failure_of(folder.write("fewer", bytes)), "section '" + std::string(name) + "' is missing"));
  }
}

TEST_CASE("progress that cannot be is refused, however right its checksum") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  const auto sections = testing::copied_sections(write_state(folder, model.layout()), "state");
  for (const char* progress : {"", "[]", R"({"update": -1})", R"({"pairs-done": 9223372036854775807})",
                               R"({"update": 9223372036854775807})", R"({"pairs-done": 18446744073709551615})",
                               R"({"epoch": 1.5})", R"({"rate-factor": 2})", R"({"surprise": 1})"}) {
    CAPTURE(progress);
    auto changed = sections;
    changed["progress"] = progress;
    const std::string bytes = testing::section_file("state", 1, testing::archive_of({changed.begin(), changed.end()}));
    CHECK(has(failure_of(folder.write("changed", bytes)), "changed: "));
  }
}

TEST_CASE("an identity nested without end is a difference, not a crash") {
  const TemporaryFolder folder;
  const Seq2Seq<float> model(tiny_options());
  auto sections = testing::copied_sections(write_state(folder, model.layout()), "state");
  sections["training options"] =
      R"({"seed":)" + std::string(100000, '[') + std::string(100000, ']') + R"(,"dropout":0.1})";
  const std::string path =
      folder.write("deep", testing::section_file("state", 1, testing::archive_of({sections.begin(), sections.end()})));
  CHECK_THROWS_AS(StoredState::load(path).require_same(kState.identity), InputError);
}

}  // namespace
}  // namespace isthmus
