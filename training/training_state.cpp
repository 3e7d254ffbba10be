#include "training/training_state.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/section_file.h"
#include "model/model_file.h"

namespace isthmus {
namespace {

constexpr std::string_view kKind = "state";
constexpr std::string_view kArena = "arena: ";
constexpr std::string_view kRemedy = "use a backup, or start anew with --force or another --model";

/// Progress as stored, with the optimiser's count.
struct StoredProgress {
  TrainingProgress progress;
  std::int64_t optimizer_steps = 0;
};

void describe(OptionVisitor& visit, StoredProgress& stored) {
  describe(visit, stored.progress);
  visit("optimizer-steps", stored.optimizer_steps, "", between(0, kMostCounted));
}

/// Options are flat; text nested without end would overflow the stack when it is shown.
nlohmann::json parse_flat(const std::string& text) {
  const auto flat = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth < 3; };
  return nlohmann::json::parse(text, flat, false);
}

/// The first difference between two JSON objects, as "--NAME was X and is now Y"; empty when there is none.
std::string difference(const std::string& before, const std::string& now) {
  const auto a = parse_flat(before);
  const auto b = parse_flat(now);
  if (!a.is_object() || !b.is_object()) return a == b ? "" : "the options differ";
  for (const auto& [name, value] : b.items()) {
    if (!a.contains(name)) return fmt::format("--{} is new", name);
    if (a[name] != value) return fmt::format("--{} was {} and is now {}", name, a[name].dump(), value.dump());
  }
  return "";
}

/// Which texts differ, by the options that give them.
std::string changed_texts(const std::string& before, const std::string& now) {
  const auto a = parse_flat(before);
  const auto b = parse_flat(now);
  std::string names;
  for (const char* name : {"source", "target", "valid-source", "valid-target"}) {
    const std::string key = std::string_view(name).starts_with("valid-") ? name : std::string("train-") + name;
    const auto hash = [&key](const nlohmann::json& hashes) {
      return hashes.is_object() ? hashes.value(key, nlohmann::json()) : nlohmann::json();
    };
    if (hash(a) != hash(b)) names += fmt::format("{}--{}", names.empty() ? "" : ", ", name);
  }
  return names.empty() ? "the training or held-out text has changed" : "the text of " + names + " has changed";
}

}  // namespace

void describe(OptionVisitor& visit, TrainingProgress& progress) {
  const Range count = between(0, kMostCounted);
  visit("update", progress.update, "", count);
  visit("epoch", progress.epoch, "", count);
  visit("pairs-done", progress.position, "", count);
  visit("tokens", progress.tokens, "", count);
  visit("seconds", progress.seconds, "", at_least(0));
  visit("rate-factor", progress.rate_factor, "", between(0, 1));
  describe(visit, progress.best);
  visit("stalled", progress.stalled, "", count);
  visit("validated", progress.validated, "", count);
}

void save_state(const std::string& path, const TrainingState& state, const Arena<float>& values, Optimizer& optimizer) {
  const std::string progress = to_json(StoredProgress{state.progress, optimizer.steps()});
  std::vector<Section> sections = {{"model options", state.identity.model_options},
                                   {"training options", state.identity.training_options},
                                   {"corpus", state.identity.corpus},
                                   {"progress", progress},
                                   {"source tokenizer", state.source_tokenizer},
                                   {"target tokenizer", state.target_tokenizer},
                                   {"objective", state.objective},
                                   {"values", bytes_of(values)}};
  for (const auto& [name, arena] : optimizer.state())
    sections.push_back({std::string(kArena) + name, bytes_of(*arena)});
  write_sections(path, kKind, sections);
}

StoredState StoredState::load(const std::string& path) {
  const Sections sections = read_sections(path, kKind, kRemedy);
  const auto take = [&](std::string_view name) {
    if (!sections.contains(name)) {
      throw InputError::in_file(path, fmt::format("section '{}' is missing", name), kRemedy);
    }
    return std::string(sections[name]);
  };
  StoredState stored;
  stored.path_ = path;
  stored.state_.identity = {take("model options"), take("training options"), take("corpus")};
  stored.state_.source_tokenizer = take("source tokenizer");
  stored.state_.target_tokenizer = take("target tokenizer");
  stored.state_.objective = take("objective");
  StoredProgress progress;
  from_json(take("progress"), path, progress);
  stored.state_.progress = progress.progress;
  stored.optimizer_steps_ = progress.optimizer_steps;
  for (const auto& [name, bytes] : sections) {
    if (name == "values" || name.starts_with(kArena)) stored.arenas_.emplace_back(name, bytes);
  }
  return stored;
}

void StoredState::require_same(const RunIdentity& identity) const {
  std::string what = difference(state_.identity.model_options, identity.model_options);
  if (what.empty()) what = difference(state_.identity.training_options, identity.training_options);
  if (what.empty() && state_.identity.corpus != identity.corpus)
    what = changed_texts(state_.identity.corpus, identity.corpus);
  if (what.empty()) return;
  throw InputError::in_file(path_, fmt::format("cannot go on: {}", what),
                            "give --resume the options and texts of the run that it goes on with, or start anew with "
                            "--force or another --model");
}

void StoredState::restore(Arena<float>& values, Optimizer& optimizer) const {
  const auto fill = [&](const std::string& name, Arena<float>& arena) {
    for (const auto& [stored_name, bytes] : arenas_) {
      if (stored_name != name) continue;
      load_arena(bytes, path_, name, arena);
      if (arena.flat().allFinite()) return;
      throw InputError::in_file(path_, fmt::format("section '{}' has numbers that are none", name), kRemedy);
    }
    throw InputError::in_file(path_, fmt::format("section '{}' is missing", name), kRemedy);
  };
  fill("values", values);
  for (const auto& [name, arena] : optimizer.state()) fill(std::string(kArena) + name, *arena);
  optimizer.set_steps(optimizer_steps_);
}

}  // namespace isthmus
