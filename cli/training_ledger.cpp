#include "cli/training_ledger.h"

#include <filesystem>

#include "cli/recorded_file.h"
#include "cli/train_options.h"
#include "core/process_info.h"
#include "training/trainer.h"

namespace isthmus::cli {

TrainingLedger::TrainingLedger(Ledger& ledger, RunId run, CorpusId valid, const TrainingOptions& options,
                               std::string model)
    : ledger_(ledger), run_(run), valid_(valid), options_(options), model_(std::move(model)) {}

void TrainingLedger::on_update(const UpdateReport& report) {
  const auto tokens = static_cast<double>(report.target_tokens);
  ++updates_;
  loss_ += report.loss * tokens;
  tokens_ += tokens;
  seconds_ += report.update_seconds;
  norm_ += report.gradient_norm;
  clipped_ += report.clipped;
  sent_bytes_ += report.sent_bytes;
  sequence_.add(report.sequence);
  last_ = report;
  last_.sequence = nullptr;
  write_candidates(report);
  if (report.update % options_.log_every == 0) write_log();
}

void TrainingLedger::write_log() {
  if (updates_ == 0) return;
  const auto of_candidates = [&](double mean) { return sequence_.empty() ? std::nullopt : std::optional(mean); };
  ledger_.add(TrainLogRow{.run = run_,
                          .updates = last_.update,
                          .epoch = last_.epoch,
                          .objective = std::string(name_of(options_.objective)),
                          .loss = loss_ / tokens_,
                          .grad_norm = norm_ / static_cast<double>(updates_),
                          .clipped = static_cast<double>(clipped_) / static_cast<double>(updates_),
                          .learning_rate = last_.learning_rate,
                          .target_tokens_per_s = tokens_ / seconds_,
                          .target_tokens = last_.total_tokens,
                          .wall_s = last_.seconds,
                          .rss_bytes = resident_memory(),
                          .ranks = last_.ranks,
                          .sent_bytes = sent_bytes_ / updates_,
                          .sequence_loss = of_candidates(sequence_.value()),
                          .reward = of_candidates(sequence_.reward()),
                          .entropy = of_candidates(sequence_.entropy()),
                          .top1 = of_candidates(sequence_.top1()),
                          .unique_share = of_candidates(sequence_.unique_share()),
                          .effective_size = of_candidates(sequence_.effective_size()),
                          .candidates_per_s = of_candidates(sequence_.candidates_per_second())});
  sequence_ = {};
  updates_ = clipped_ = sent_bytes_ = 0;
  loss_ = tokens_ = seconds_ = norm_ = 0.0;
}

void TrainingLedger::write_candidates(const UpdateReport& report) {
  if (report.sequence == nullptr || report.sequence->sets.empty()) return;
  ledger_.transaction([&] {
    for (const CandidateSetReport& set : report.sequence->sets) {
      CandidateSetRow row{.run = run_,
                          .updates = report.update,
                          .pair = static_cast<std::int64_t>(set.pair) + 1,
                          .source = set.source,
                          .reference = set.reference,
                          .objective = report.sequence->objective,
                          .reward = report.sequence->reward_name,
                          .value = set.value,
                          .entropy = set.entropy,
                          .top1 = set.top1,
                          .unique_share = set.unique_share,
                          .effective_size = set.effective_size};
      for (const CandidateReport& candidate : set.candidates) {
        row.candidates.push_back({.text = candidate.text,
                                  .kind = candidate.kind,
                                  .tokens = candidate.tokens,
                                  .log_prob = candidate.log_prob,
                                  .q = candidate.q,
                                  .reward = candidate.reward,
                                  .baseline = candidate.baseline,
                                  .weight = candidate.weight,
                                  .duplicate = candidate.duplicate});
      }
      ledger_.add(row);
    }
  });
}

void TrainingLedger::on_validation(const ValidationReport& report) {
  ledger_.transaction([&] {
    write_log();
    for (const ScoreReport& score : report.scores) {
      ledger_.add(ValidationRow{.run = run_,
                                .updates = report.update,
                                .corpus = valid_,
                                .metric = score.metric,
                                .signature = score.signature,
                                .value = score.value,
                                .seconds = report.seconds,
                                .length_ratio = report.length_ratio});
    }
  });
}

void TrainingLedger::on_checkpoint(const CheckpointReport& report) {
  const ArtifactRow file = recorded_file(run_, "model", report.path);
  ledger_.transaction([&] {
    ledger_.add(CheckpointRow{.run = run_,
                              .updates = report.update,
                              .epoch = report.epoch,
                              .target_tokens = report.total_tokens,
                              .path = file.path,
                              .hash = file.hash,
                              .is_best = report.best});
    if (report.best) ledger_.add(file);
  });
  if (!report.best) snapshots_.push_back(report.path);
}

void TrainingLedger::on_state(const std::string& path) {
  const ArtifactRow file = recorded_file(run_, "state", path);
  ledger_.transaction([&] {
    write_log();  // a run that goes on from here logs what comes after
    ledger_.add(file);
  });
}

void TrainingLedger::write_files(const StopReport& report) {
  const auto write = [this](const char* kind, const std::string& path) {
    if (std::filesystem::exists(path)) ledger_.add(recorded_file(run_, kind, path));
  };
  // A run that fails early, begun with --force, leaves the model and state of another.
  const bool has_model = report.best_update >= 0;
  for (const std::string& path : snapshots_) write("snapshot", path);
  write("config", config_path(model_));
  if (has_model || !report.failed) write("state", state_path(model_));
  if (has_model) write("model", model_);
}

void TrainingLedger::on_stop(const StopReport& report) {
  ledger_.transaction([&] {
    write_log();
    write_files(report);
    ledger_.end_run(run_, {.reason = report.failed ? "error: " + report.reason : report.reason,
                           .updates = report.updates,
                           .target_tokens = report.total_tokens,
                           .peak_memory_bytes = peak_memory()});
  });
}

}  // namespace isthmus::cli
