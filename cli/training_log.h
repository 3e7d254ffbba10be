// What a person sees of a training run: a line every so many updates, one for each validation, a progress bar on a
// terminal, and why it stopped.
#pragma once

#include <memory>
#include <string>

#include "cli/sequence_means.h"
#include "core/progress.h"
#include "training/observer.h"
#include "training/training_options.h"

namespace isthmus::cli {

/// Writes to stderr.
class TrainingLog : public TrainingObserver {
 public:
  TrainingLog(const TrainingOptions& options, std::int64_t parameters) : options_(options), parameters_(parameters) {}

  void on_update(const UpdateReport& report) override;
  void on_validation(const ValidationReport& report) override;
  void on_checkpoint(const CheckpointReport& report) override;
  void on_stop(const StopReport& report) override;

 private:
  void draw_bar(const UpdateReport& report);
  /// What the ranks have sent, beside the least that they must.
  void tell_traffic() const;

  TrainingOptions options_;
  std::int64_t parameters_;
  double loss_ = 0.0;  // of the updates since the last line, by token; so the next four
  double tokens_ = 0.0;
  double seconds_ = 0.0;
  double norm_ = 0.0;
  std::int64_t updates_ = 0;
  SequenceMeans sequence_;
  std::int64_t first_update_ = -1;
  double first_seconds_ = 0.0;
  double first_epoch_ = 0.0;
  double drawn_ = -1.0;
  std::int64_t ranks_ = 1;
  std::int64_t sent_bytes_ = 0;  // so far
  std::int64_t last_update_ = 0;
};

}  // namespace isthmus::cli
