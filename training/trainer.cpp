#include "training/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <type_traits>

#include "core/error.h"
#include "core/interrupt.h"
#include "training/corpus_pairs.h"
#include "training/snapshots.h"

namespace isthmus {
namespace {

/// Streams of random numbers, numbered.
enum Stream : std::uint64_t { kValues, kBatches, kDropout, kObjective };

Random stream(const TrainingOptions& options, Stream number) {
  return Random(static_cast<std::uint64_t>(options.seed)).split(number);
}

/// The options that decide the result, for JSON.
struct ResultOptions {
  TrainingOptions training;
  TokenizerOptions tokenizer;
};
void describe(OptionVisitor& visit, ResultOptions& options) {
  describe(visit, options.tokenizer);
  describe_result(visit, options.training);
}

/// A model that has collapsed (all its translations are "." or one word) is told by less than this share of the best
/// score, or by translations that are half or twice as long as the references and a score that is under another.
constexpr double kLeastShareOfBest = 0.5;
constexpr double kLeastShareAtOtherLength = 0.8;
constexpr double kLeastScore = 1.0;  // BLEU or chrF of a model that can collapse
constexpr double kLeastLengthRatio = 0.5;
constexpr double kMostLengthRatio = 2.0;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

PairSource source_of(const EncodedCorpus& corpus, const TrainingSetup& setup) {
  const double alpha = setup.training.sampling_alpha;
  return alpha > 0 ? sampled_pairs_of(corpus, setup.tokenizers, alpha) : pairs_of(corpus);
}

}  // namespace

RunIdentity identity_of(const TrainingSetup& setup) {
  return {model_options_to_json(setup.model), to_json(ResultOptions{setup.training, setup.tokenizer_options}),
          setup.corpus_identity};
}

std::string state_path(const std::string& model_path) { return model_path + ".state"; }

Trainer::Trainer(TrainingSetup setup, EncodedCorpus corpus, const ParallelText& valid)
    : setup_(std::move(setup)),
      world_(setup_.world != nullptr ? *setup_.world : alone_),
      corpus_(std::move(corpus)),
      threads_(static_cast<std::size_t>(setup_.threads)),
      model_(setup_.model),
      memory_(plan_memory(model_, setup_.training, corpus_)),
      values_(model_.layout()),
      grads_(model_.layout()),
      optimizer_(setup_.training.optimizer, model_.layout()),
      schedule_(setup_.training.schedule),
      workers_(model_, setup_.training.batch.shards, memory_.limits, threads_, world_),
      objective_(make_objective(setup_.training, model_, setup_.tokenizers, corpus_.pairs(), threads_)),
      batches_(source_of(corpus_, setup_), batch_limits(setup_.training.batch), setup_.training.batch.bucket,
               stream(setup_.training, kBatches)) {
  if (valid.size() > 0) {
    const std::int64_t shards = setup_.training.batch.shards;
    const HeldOutText text{valid,
                           encoding_limits(setup_.training),
                           {.sentences = 64,
                            .source_tokens = memory_.limits.source_tokens / shards,
                            .target_tokens = memory_.limits.target_tokens / shards}};
    validator_.emplace(model_, setup_.tokenizers, text, setup_.training.validation, threads_, world_);
  }
  initialise(stream(setup_.training, kValues), values_);
}

void Trainer::start_from(const ModelFile& file, const std::string& path) {
  if (manifest(file.model->layout()) != manifest(model_.layout())) {
    throw InputError::in_file(path, "has another shape than the model to be trained",
                              "leave the options of the model as isthmus inspect shows them");
  }
  values_.flat() = file.values->flat();
  starts_from_model_ = true;
}

void Trainer::resume(const StoredState& stored) {
  stored.require_same(identity_of(setup_));
  stored.restore(values_, optimizer_);
  if (!objective_->restore(stored.state().objective)) {
    throw InputError::in_file(state_path(setup_.model_path), "section 'objective' makes no sense",
                              "use a backup, or start anew with --force or another --model");
  }
  progress_ = stored.state().progress;
  schedule_.set_factor(progress_.rate_factor);
  earlier_seconds_ = progress_.seconds;
  // Without the model file the next validated one takes its place, however good.
  saved_ = std::filesystem::exists(setup_.model_path) ? progress_.best : Standing{};
  const Standing of_model = standing_of_model();
  if (better(setup_.training.validation.metric, of_model, saved_)) saved_ = of_model;
}

void Trainer::begin_together() {
  const auto share = [this](auto& numbers) {
    static_assert(std::is_trivially_copyable_v<std::remove_reference_t<decltype(numbers)>>);
    world_.broadcast(std::as_writable_bytes(std::span(&numbers, 1)));
  };
  const auto share_arena = [this](Arena<float>& arena) {
    world_.broadcast(
        std::as_writable_bytes(std::span(arena.flat().data(), static_cast<std::size_t>(arena.flat().size()))));
  };
  share(progress_);
  share(saved_);
  std::int64_t steps = optimizer_.steps();
  share(steps);
  optimizer_.set_steps(steps);
  schedule_.set_factor(progress_.rate_factor);
  share_arena(values_);
  for (const auto& [name, arena] : optimizer_.state()) share_arena(*arena);
}

Standing Trainer::standing_of_model() const {
  if (!validator_ || !std::filesystem::exists(setup_.model_path)) return {};
  const auto stored = nlohmann::json::parse(load_model(setup_.model_path).provenance, nullptr, false);
  const auto own = nlohmann::json::parse(provenance());
  for (const char* name : {"corpus", "training"}) {
    if (!stored.is_object() || stored.value(name, nlohmann::json()) != own[name]) return {};
  }
  const auto number = [&](const char* name) {
    const auto found = stored.find(name);
    return found != stored.end() && found->is_number() ? found->get<double>() : -1.0;
  };
  const double update = number("updates");
  // A model that is newer than the state comes again, the same.
  if (update < 0 || update > static_cast<double>(progress_.update) || !stored.contains("validation-score")) return {};
  return {number("validation-score"), number("validation-loss"), static_cast<std::int64_t>(update)};
}

template <class Call>
void Trainer::tell(const Call& call) {
  for (TrainingObserver* observer : observers_) call(*observer);
}

double Trainer::seconds() const { return earlier_seconds_ + now() - started_; }

double Trainer::epochs() const {
  return static_cast<double>(progress_.epoch) +
         static_cast<double>(progress_.position) / static_cast<double>(corpus_.pairs());
}

const Arena<float>& Trainer::evaluated_values() const {
  const Arena<float>* average = optimizer_.average();
  return average != nullptr && optimizer_.steps() > 0 ? *average : values_;
}

double Trainer::reported_loss(const std::vector<LossSum>& sums) const {
  const SequenceReport* sequence = objective_->report();
  if (sequence == nullptr) return sums.at(0).loss;
  const double share = setup_.training.sequence.mle_weight;
  return share > 0 ? sums.at(0).loss / share : sequence->value;
}

std::optional<Trainer::Outcome> Trainer::train_batch() {
  const double start = now();
  const std::uint64_t sent = world_.bytes_sent();
  const TrainingOptions& options = setup_.training;
  const std::int64_t update = progress_.update + 1;
  const auto of_update = [&](Stream number) {
    return stream(options, number).split(static_cast<std::uint64_t>(update));
  };
  const Batch batch = batches_.next();
  const std::vector<WeightedBatch> learned = objective_->weigh(values_, batch, update, of_update(kObjective));
  const auto [sums, squared_norm] = workers_.gradient(values_, learned, of_update(kDropout), grads_);
  const double loss = reported_loss(sums);
  const double rate = schedule_.rate(update);
  const StepReport step = optimizer_.step(rate, grads_, squared_norm, values_, threads_);
  if (!std::isfinite(std::exp(loss)) || !std::isfinite(step.gradient_norm)) {
    const bool number = std::isfinite(loss) && std::isfinite(step.gradient_norm);
    return diverged_at(update, number ? fmt::format("the loss is {:.3g} nats a piece", loss)
                                      : "the loss or its gradient is not a number");
  }
  const std::int64_t tokens = batch.target_tokens();
  progress_.update = update;
  progress_.position += std::ssize(batch.source);
  progress_.tokens += tokens;
  progress_.seconds = seconds();
  const UpdateReport report{.update = update,
                            .epoch = epochs(),
                            .loss = loss,
                            .gradient_norm = step.gradient_norm,
                            .clipped = step.clipped,
                            .learning_rate = rate,
                            .target_tokens = tokens,
                            .total_tokens = progress_.tokens,
                            .seconds = progress_.seconds,
                            .update_seconds = now() - start,
                            .ranks = static_cast<std::int64_t>(world_.size()),
                            .sent_bytes = static_cast<std::int64_t>(world_.bytes_sent() - sent),
                            .sequence = objective_->report()};
  tell([&](TrainingObserver& observer) { observer.on_update(report); });
  if (progress_.position == static_cast<std::int64_t>(corpus_.pairs())) {
    progress_.epoch += 1;
    progress_.position = 0;
  }
  return std::nullopt;
}

bool Trainer::validation_due() const {
  const std::int64_t every = setup_.training.validation.every_updates;
  return every > 0 ? progress_.update % every == 0 : progress_.position == 0;
}

std::optional<ValidationReport> Trainer::scores() {
  if (world_.any(interrupted())) return std::nullopt;
  try {
    return validator_->validate(evaluated_values(), progress_.update, workers_);
  } catch (const Interrupted&) {
    return std::nullopt;
  }
}

bool Trainer::validate(bool last) {
  if (!validator_) {
    progress_.validated = progress_.update;
    progress_.best.update = progress_.update;
    save_best(progress_.best);
    return true;
  }
  std::optional<ValidationReport> report = scores();
  if (!report) return false;
  const SelectionMetric metric = setup_.training.validation.metric;
  measured_ = standing_of(*report, metric);
  length_ratio_ = report->length_ratio;
  // Decided by one, lest machines that round otherwise decide otherwise.
  world_.broadcast(std::as_writable_bytes(std::span(&measured_, 1)));
  const bool best = better(metric, measured_, progress_.best);
  progress_.validated = progress_.update;
  if (best) progress_.best = measured_;
  if (!last) progress_.stalled = best ? 0 : progress_.stalled + 1;
  if (!last) schedule_.validated(progress_.stalled);
  progress_.rate_factor = schedule_.factor();
  report->epoch = epochs();
  report->selection = name_of(metric);
  // Of the weights that the model file holds: a run that was killed before it told of that file writes it again.
  report->best = better(metric, measured_, saved_) || measured_.update == saved_.update;
  report->stalled = progress_.stalled + (last && !best ? 1 : 0);
  report->best_update = report->best ? measured_.update : saved_.update;
  tell([&](TrainingObserver& observer) { observer.on_validation(*report); });
  if (report->best) save_best(measured_);
  return true;
}

std::string Trainer::provenance() const {
  nlohmann::ordered_json provenance;
  provenance["isthmus"] = setup_.version;
  provenance["updates"] = progress_.update;
  provenance["target-tokens"] = progress_.tokens;
  if (measured_.update >= 0 && measured_.update == progress_.update) {
    provenance["selected-by"] = name_of(setup_.training.validation.metric);
    provenance["validation-score"] = measured_.score;
    provenance["validation-loss"] = measured_.loss;
  }
  provenance["corpus"] = nlohmann::ordered_json::parse(setup_.corpus_identity, nullptr, false);
  provenance["training"] =
      nlohmann::ordered_json::parse(to_json(ResultOptions{setup_.training, setup_.tokenizer_options}));
  return provenance.dump();
}

void Trainer::save(const std::string& path) const {
  if (!world_.leads()) return;
  save_model(path, {.options = setup_.model,
                    .values = evaluated_values(),
                    .source_tokenizer = setup_.tokenizers.source.bytes(),
                    .target_tokenizer = setup_.joint ? std::string_view() : setup_.tokenizers.target.bytes(),
                    .provenance = provenance()});
}

void Trainer::save_best(const Standing& standing) {
  save(setup_.model_path);
  saved_ = standing;
  const CheckpointReport report{progress_.update, epochs(), progress_.tokens, setup_.model_path, true};
  tell([&](TrainingObserver& observer) { observer.on_checkpoint(report); });
}

void Trainer::save_snapshot() {
  if (setup_.training.keep_last == 0 || !world_.leads()) return;
  const std::string path = snapshot_path(setup_.model_path, progress_.update);
  save(path);
  const CheckpointReport report{progress_.update, epochs(), progress_.tokens, path, false};
  tell([&](TrainingObserver& observer) { observer.on_checkpoint(report); });
  remove_old_snapshots(setup_.model_path, progress_.update, setup_.training.keep_last);
}

void Trainer::save_progress() {
  progress_.seconds = seconds();
  TrainingState state;
  state.identity = identity_of(setup_);
  state.progress = progress_;
  state.source_tokenizer = setup_.tokenizers.source.bytes();
  if (!setup_.joint) state.target_tokenizer = setup_.tokenizers.target.bytes();
  state.objective = objective_->state();
  const std::string path = state_path(setup_.model_path);
  if (world_.leads()) save_state(path, state, values_, optimizer_);
  state_update_ = progress_.update;
  tell([&](TrainingObserver& observer) { observer.on_state(path); });
}

Trainer::Outcome Trainer::diverged_at(std::int64_t update, std::string_view what) const {
  const bool clips = setup_.training.optimizer.clip_norm > 0;
  return {fmt::format("{} at update {}; try a lower --learning-rate, a --warmup or {}{}", what, update,
                      clips ? "a lower --clip-norm" : "--clip-norm 1", model_kept()),
          true};
}

std::optional<Trainer::Outcome> Trainer::diverged() {
  require_same(world_, "the weights", bytes_of(values_),
               "the machines calculate differently; take machines with the same processor and system");
  if (values_.flat().allFinite()) return std::nullopt;
  return diverged_at(progress_.update, "a weight is not a number");
}

std::optional<Trainer::Outcome> Trainer::collapsed() const {
  if (!validator_ || setup_.training.objective == ObjectiveType::kMle) return std::nullopt;
  const SelectionMetric metric = setup_.training.validation.metric;
  const Standing& best = progress_.best;
  if (best.update < 0 || best.update == measured_.update) return std::nullopt;
  // A weak model's score and length may be anything: only what was better before can collapse.
  const auto under = [&](double share) {
    if (metric == SelectionMetric::kLoss) return share * measured_.loss > best.loss;
    return best.score >= kLeastScore && measured_.score < share * best.score;
  };
  const bool other_length = length_ratio_ < kLeastLengthRatio || length_ratio_ > kMostLengthRatio;
  if (!under(kLeastShareOfBest) && !(other_length && under(kLeastShareAtOtherLength))) return std::nullopt;
  return Outcome{
      fmt::format("the model has collapsed: {} {:.2f}, {:.2f} at its best, and length ratio {:.2f} after update "
                  "{}; rolled back to the model of update {} in {}; try a lower --learning-rate or a higher "
                  "--mle-weight",
                  name_of(metric), measured_.score, best.score, length_ratio_, progress_.update, saved_.update,
                  setup_.model_path),
      true};
}

std::optional<Trainer::Outcome> Trainer::checkpoint() {
  const bool validates = validation_due() && progress_.validated != progress_.update;
  const std::int64_t every = setup_.training.save_every;
  if (!validates && (every == 0 || progress_.update % every != 0)) return std::nullopt;
  if (auto outcome = diverged()) return outcome;
  if (validates && validate(/*last=*/false)) {
    if (auto outcome = collapsed()) return outcome;
    save_snapshot();
  }
  save_progress();
  return std::nullopt;
}

std::optional<Trainer::Outcome> Trainer::finish() {
  if (progress_.update == 0 || progress_.validated == progress_.update) return std::nullopt;
  if (auto outcome = diverged()) return outcome;
  save_progress();
  if (validate(/*last=*/true)) return collapsed();
  if (saved_.update < 0) save_best({});
  return std::nullopt;
}

std::optional<Trainer::Outcome> Trainer::stop_reason() {
  const StopOptions& stop = setup_.training.stop;
  // What ranks cannot know of each other, in one message: signals, and the clock of the first.
  const bool late = world_.leads() && stop.max_minutes > 0 && seconds() >= 60.0 * stop.max_minutes;
  std::int64_t ranks[] = {interrupted() ? 1 : 0, late ? 1 : 0};
  world_.sum(std::span<std::int64_t>(ranks));
  if (ranks[0] > 0) return Outcome{"interrupted; --resume goes on"};
  if (stop.max_updates > 0 && progress_.update >= stop.max_updates) {
    return Outcome{fmt::format("{} updates done (--max-updates)", progress_.update)};
  }
  if (stop.max_epochs > 0 && progress_.epoch >= stop.max_epochs) {
    return Outcome{fmt::format("{} epochs done (--max-epochs)", progress_.epoch)};
  }
  if (ranks[1] > 0) {
    return Outcome{fmt::format("{} minutes are over (--max-minutes)", stop.max_minutes)};
  }
  if (validator_ && stop.patience > 0 && progress_.stalled >= stop.patience) {
    return Outcome{fmt::format("no better {} in {} validations (--patience)",
                               name_of(setup_.training.validation.metric), progress_.stalled)};
  }
  return std::nullopt;
}

void Trainer::rehearse() {
  for (const WeightedBatch& batch : rehearsals(memory_, setup_.training, setup_.model)) {
    workers_.gradient(values_, std::span(&batch, 1), stream(setup_.training, kDropout), grads_);
  }
}

Trainer::Outcome Trainer::train() {
  if (!batches_.seek(progress_.epoch, progress_.position)) {
    throw InputError::in_file(state_path(setup_.model_path),
                              fmt::format("stands at pair {} of the {} of an epoch, where no batch begins",
                                          progress_.position, corpus_.pairs()),
                              "the file is damaged; start again with --force");
  }
  state_update_ = progress_.update;
  rehearse();
  started_ = now();  // that was no training
  // An interrupt may have left out a validation that was due.
  std::optional<Outcome> outcome;
  if (progress_.update > 0) outcome = checkpoint();
  // A model to start from stays unless there is a better one.
  if (progress_.update == 0 && starts_from_model_ && validator_ && validate(/*last=*/false)) save_progress();
  if (!outcome) outcome = stop_reason();
  while (!outcome) {
    outcome = train_batch();
    if (!outcome) outcome = checkpoint();
    if (!outcome) outcome = stop_reason();
  }
  if (!outcome->failed) {
    if (auto failure = finish()) outcome = failure;
  }
  return *outcome;
}

std::string Trainer::model_kept() const {
  if (saved_.update >= 0) return fmt::format("; {} keeps the model of update {}", setup_.model_path, saved_.update);
  const bool exists = std::filesystem::exists(setup_.model_path);
  return fmt::format("; {} {}", setup_.model_path, exists ? "is left as it was" : "was not written");
}

Trainer::Outcome Trainer::failure(std::string reason) const {
  reason += model_kept();
  if (state_update_ > 0) {
    reason += fmt::format("; --resume goes on from update {}", state_update_);
  } else if (saved_.update > 0) {
    reason += "; there is no state, so begin anew with --force, or with --init-from that model and another --model";
  }
  return {std::move(reason), true};
}

StopReport Trainer::run(const std::vector<TrainingObserver*>& observers) {
  observers_ = observers;
  started_ = now();
  Outcome outcome;
  try {
    outcome = train();
  } catch (const std::bad_alloc&) {
    outcome = failure("out of memory; --memory-budget cuts batches, --batch-sentences and --hidden make them smaller");
  } catch (const std::exception& error) {
    outcome = failure(error.what());
  }
  StopReport report{.reason = outcome.reason,
                    .failed = outcome.failed,
                    .updates = progress_.update,
                    .epoch = epochs(),
                    .total_tokens = progress_.tokens,
                    .seconds = seconds(),
                    .best_metric = validator_ ? std::string(name_of(setup_.training.validation.metric)) : "",
                    .best_score = saved_.score,
                    .best_update = saved_.update};
  try {
    tell([&](TrainingObserver& observer) { observer.on_stop(report); });
  } catch (const std::exception&) {
    if (!report.failed) throw;  // one failure, one message: a disk that is full is full for the ledger, too
  }
  return report;
}

}  // namespace isthmus
