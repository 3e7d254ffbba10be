// A training run in the ledger.
#pragma once

#include <string>
#include <vector>

#include "cli/sequence_means.h"
#include "ledger/ledger.h"
#include "training/observer.h"
#include "training/training_options.h"

namespace isthmus::cli {

/// Writes the log, the validations, the checkpoints, the files and the end of a run. The run itself exists already.
class TrainingLedger : public TrainingObserver {
 public:
  /// `valid`: the held-out corpus; unused when there is none. `model`: path of the model file, which has its
  /// configuration and state beside it. The ledger must outlive it.
  TrainingLedger(Ledger& ledger, RunId run, CorpusId valid, const TrainingOptions& options, std::string model);

  void on_update(const UpdateReport& report) override;
  void on_validation(const ValidationReport& report) override;
  void on_checkpoint(const CheckpointReport& report) override;
  void on_state(const std::string& path) override;
  void on_stop(const StopReport& report) override;

 private:
  /// Writes what has gathered since the last row, up to the last update.
  void write_log();
  void write_candidates(const UpdateReport& report);
  /// The files that there are now.
  void write_files(const StopReport& report);

  Ledger& ledger_;
  RunId run_;
  CorpusId valid_;
  TrainingOptions options_;
  std::string model_;
  std::vector<std::string> snapshots_;  // of this run; the oldest may be gone
  UpdateReport last_;
  std::int64_t updates_ = 0;  // since the last row; so the next six
  double loss_ = 0.0;
  double tokens_ = 0.0;
  double seconds_ = 0.0;
  double norm_ = 0.0;
  std::int64_t clipped_ = 0;
  std::int64_t sent_bytes_ = 0;
  SequenceMeans sequence_;
};

}  // namespace isthmus::cli
