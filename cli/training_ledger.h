// A training run in the ledger.
#pragma once

#include <string>

#include "ledger/ledger.h"
#include "training/observer.h"
#include "training/training_options.h"

namespace isthmus::cli {

/// Writes the log, the validations, the checkpoints and the end of a run. The run itself exists already.
class TrainingLedger : public TrainingObserver {
 public:
  /// `valid`: the held-out corpus; unused when there is none. The ledger must outlive it.
  TrainingLedger(Ledger& ledger, RunId run, CorpusId valid, const TrainingOptions& options);

  void on_update(const UpdateReport& report) override;
  void on_validation(const ValidationReport& report) override;
  void on_checkpoint(const CheckpointReport& report) override;
  void on_stop(const StopReport& report) override;

 private:
  /// Writes what has gathered since the last row, up to the last update.
  void write_log();

  Ledger& ledger_;
  RunId run_;
  CorpusId valid_;
  TrainingOptions options_;
  UpdateReport last_;
  std::int64_t updates_ = 0;  // since the last row; so the next five
  double loss_ = 0.0;
  double tokens_ = 0.0;
  double seconds_ = 0.0;
  double norm_ = 0.0;
  std::int64_t clipped_ = 0;
};

}  // namespace isthmus::cli
