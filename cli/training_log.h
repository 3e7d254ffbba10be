// What a person sees of a training run: a line every so many updates, one for each validation, a progress bar on a
// terminal, and why it stopped.
#pragma once

#include <memory>
#include <string>

#include "core/progress.h"
#include "training/observer.h"
#include "training/training_options.h"

namespace isthmus::cli {

/// Writes to stderr.
class TrainingLog : public TrainingObserver {
 public:
  explicit TrainingLog(const TrainingOptions& options) : options_(options) {}

  void on_update(const UpdateReport& report) override;
  void on_validation(const ValidationReport& report) override;
  void on_checkpoint(const CheckpointReport& report) override;
  void on_stop(const StopReport& report) override;

 private:
  void draw_bar(const UpdateReport& report);

  TrainingOptions options_;
  double loss_ = 0.0;  // of the updates since the last line, by token; so the next four
  double tokens_ = 0.0;
  double seconds_ = 0.0;
  double norm_ = 0.0;
  std::int64_t updates_ = 0;
  std::int64_t first_update_ = -1;
  double first_seconds_ = 0.0;
  double first_epoch_ = 0.0;
  double drawn_ = -1.0;
};

}  // namespace isthmus::cli
