#include "cli/model_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "cli/train_command.h"
#include "cli/training_texts.h"
#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/progress.h"
#include "ledger/ledger_reader.h"
#include "model/model_file.h"
#include "training/trainer.h"

namespace isthmus::cli {
namespace {

using Json = nlohmann::json;

/// Options of `train` that change no weight and no measurement.
constexpr const char* kWithoutEffect[] = {"model",   "corpus-cache", "ledger",     "log",
                                          "threads", "keep-last",    "save-every", "log-every"};

RunSummary summary_of(const Ledger& ledger, RunId run) {
  for (RunSummary& summary : LedgerReader::open(ledger.path()).runs()) {
    if (summary.run == run) return std::move(summary);
  }
  return {};
}

}  // namespace

TrainOptions ModelSweep::options_of(const PlannedModel& plan) const {
  TrainOptions options = options_;
  options.model = plan.model;
  options.training.seed += plan.other_seed ? 1 : 0;
  options.files.model = (std::filesystem::path(folder_) / (stem_of(plan) + ".isthmus")).string();
  options.files.corpus_cache = (std::filesystem::path(folder_) / "text.corpus").string();
  options.files.ledger = ledger_.path();
  return options;
}

void ModelSweep::require_same(const TrainOptions& options, RunId run) {
  const std::string& model = options.files.model;
  const Json before = Json::parse(LedgerReader::open(ledger_.path()).config_json(run).value_or("{}"), nullptr, false);
  const Json now = Json::parse(to_json(options));
  for (const auto& [name, value] : now.items()) {
    const bool counts =
        std::find(std::begin(kWithoutEffect), std::end(kWithoutEffect), name) == std::end(kWithoutEffect);
    if (!counts || (before.contains(name) && before[name] == value)) continue;
    throw InputError::in_file(
        model,
        fmt::format("was trained with --{} {} in run {}, and is now asked for with {}", name,
                    before.contains(name) ? before[name].dump() : "of another version", static_cast<std::int64_t>(run),
                    value.dump()),
        "give the sweep another folder, or the options of then; --force trains all its models anew");
  }
}

void ModelSweep::require_same_text(const TrainOptions& options) {
  if (text_identity_.empty()) {
    const TrainFiles& files = options.files;
    text_identity_ = read_training_texts({.train = {.source = files.source, .target = files.target},
                                          .valid = {.source = files.valid_source, .target = files.valid_target},
                                          .scratch_folder = folder_},
                                         nullptr)
                         .identity();
  }
  const Json provenance = Json::parse(load_model(options.files.model).provenance, nullptr, false);
  if (provenance.is_object() && provenance.value("corpus", Json()) == Json::parse(text_identity_)) return;
  throw InputError::in_file(options.files.model, "was trained on another text than the one that is there now",
                            "give the sweep another folder, or --force, which trains all its models anew");
}

ModelSweep::Standing ModelSweep::standing_of(const TrainOptions& options) {
  const std::string& model = options.files.model;
  const std::string config = config_path(model), state = state_path(model);
  const bool has_model = std::filesystem::exists(model), has_state = std::filesystem::exists(state);
  if (!has_model && !has_state && !std::filesystem::exists(config)) return Standing::kAbsent;
  if (force_) return Standing::kUnfinished;
  const std::optional<RunId> run = ledger_.run_of_config(config);
  if (!run) {
    throw InputError::in_file(has_model ? model : config,
                              fmt::format("is there already, and {} does not know its training", ledger_.path()),
                              "give the ledger of that training, or another folder; --force trains anew");
  }
  require_same(options, *run);
  const std::string status = summary_of(ledger_, *run).status;
  const bool unfinished = status.starts_with("interrupted") || status.starts_with("error") || status == "running";
  if (!has_model || unfinished) return Standing::kUnfinished;
  require_same_text(options);
  return Standing::kFinished;
}

std::string ModelSweep::time_left(std::size_t models) const {
  const double budget = 60 * options_.training.stop.max_minutes;
  const double mean =
      seconds_.empty() ? 0
                       : std::accumulate(seconds_.begin(), seconds_.end(), 0.0) / static_cast<double>(seconds_.size());
  if (budget > 0) return fmt::format("; at most {} to go", clock_text(static_cast<double>(models) * budget));
  return mean > 0 ? fmt::format("; about {} to go", clock_text(static_cast<double>(models) * mean)) : "";
}

SweptModelFile ModelSweep::train_one(const PlannedModel& plan, std::size_t number, std::size_t count) {
  TrainOptions options = options_of(plan);
  const std::string& path = options.files.model;
  const std::string title = fmt::format("model {} of {}: {} ({})", number, count, plan.name, path);
  const bool seen = std::find(done_.begin(), done_.end(), path) != done_.end();
  const Standing standing = seen ? Standing::kFinished : standing_of(options);
  if (standing == Standing::kFinished) {
    log_info("{} is there, trained with these options", title);
  } else {
    const bool resumes = standing == Standing::kUnfinished && !force_ && std::filesystem::exists(state_path(path));
    options.once.resume = resumes;
    options.once.force = !resumes;  // what an unfinished run has left
    log_info("{}{}{}", title, resumes ? " goes on" : "", time_left(count - number + 1));
    const auto begin = std::chrono::steady_clock::now();
    if (!train_model({.options = options, .tokenizers_of = tokenizers_of_, .parent = run_})) {
      throw InputError::in_file(path, "was not trained to its end",
                                "the lines above say why; the same command goes on from here");
    }
    seconds_.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  if (tokenizers_of_.empty()) tokenizers_of_ = path;
  done_.push_back(path);
  return {plan, path, ledger_.run_of_config(config_path(path)).value_or(RunId{})};
}

std::vector<SweptModelFile> ModelSweep::train(const TrainingStudy& study, const TrainingStudyOptions& options) {
  ModelOptions base = options_.model;
  base.source_vocabulary = base.target_vocabulary = options_.tokenizer.vocabulary_size;  // until they are known
  for (const PlannedModel& plan : study.plan(base, options)) check(options_of(plan));
  make_folder(folder_);
  std::vector<SweptModelFile> models;
  for (std::size_t i = 0;; ++i) {
    const std::vector<PlannedModel> plan = study.plan(base, options);
    if (i == plan.size()) break;
    models.push_back(train_one(plan[i], i + 1, plan.size()));
    if (i > 0) continue;
    const ModelOptions known = load_model(models.front().path).model->options();
    base.source_vocabulary = known.source_vocabulary;
    base.target_vocabulary = known.target_vocabulary;
  }
  if (seconds_.empty()) log_info("all models are there: nothing was trained");
  return models;
}

}  // namespace isthmus::cli
