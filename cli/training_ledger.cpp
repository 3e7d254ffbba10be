#include "cli/training_ledger.h"

#include <filesystem>

#include "cli/recorded_file.h"
#include "cli/train_command.h"
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
  last_ = report;
  if (report.update % options_.log_every == 0) write_log();
}

void TrainingLedger::write_log() {
  if (updates_ == 0) return;
  ledger_.add(TrainLogRow{.run = run_,
                          .updates = last_.update,
                          .epoch = last_.epoch,
                          .loss = loss_ / tokens_,
                          .grad_norm = norm_ / static_cast<double>(updates_),
                          .clipped = static_cast<double>(clipped_) / static_cast<double>(updates_),
                          .learning_rate = last_.learning_rate,
                          .target_tokens_per_s = tokens_ / seconds_,
                          .target_tokens = last_.total_tokens,
                          .wall_s = last_.seconds,
                          .rss_bytes = resident_memory(),
                          .ranks = last_.ranks,
                          .sent_bytes = sent_bytes_ / updates_});
  updates_ = clipped_ = sent_bytes_ = 0;
  loss_ = tokens_ = seconds_ = norm_ = 0.0;
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
                                .seconds = report.seconds});
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
  const bool has_model = report.best_update > 0;
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
