// What training tells: the progress bar, the log and the ledger are observers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace isthmus {

/// After an update.
struct UpdateReport {
  std::int64_t update = 0;  ///< from 1, earlier parts of a resumed run included
  double epoch = 0.0;       ///< passes through the text, with fraction
  double loss = 0.0;        ///< per target token, with label smoothing, in nats
  double gradient_norm = 0.0;
  bool clipped = false;
  double learning_rate = 0.0;
  std::int64_t target_tokens = 0;  ///< of this batch
  std::int64_t total_tokens = 0;   ///< target tokens so far
  double seconds = 0.0;            ///< of training so far, validation included
  double update_seconds = 0.0;     ///< of this update
  std::int64_t ranks = 1;          ///< that train together
  std::int64_t sent_bytes = 0;     ///< by this rank to the others, for this update
};

/// A score on held-out text.
struct ScoreReport {
  std::string metric;     ///< "loss" (nats per piece), "bleu", "chrf"
  std::string signature;  ///< sacreBLEU-style; empty for loss
  double value = 0.0;
};

struct ValidationReport {
  std::int64_t update = 0;
  double epoch = 0.0;
  std::vector<ScoreReport> scores;
  std::string selection;  ///< the metric that decides
  bool best = false;
  std::int64_t stalled = 0;         ///< validations since the best
  std::int64_t best_update = 0;     ///< of the model that is kept
  double length_ratio = 0.0;        ///< of the translations to the references, in BLEU's tokens
  double seconds = 0.0;             ///< that the validation took
  std::vector<std::string> sample;  ///< a source, its reference and its translation
};

/// A file was written.
struct CheckpointReport {
  std::int64_t update = 0;
  double epoch = 0.0;
  std::int64_t total_tokens = 0;
  std::string path;
  bool best = false;
};

/// The end.
struct StopReport {
  std::string reason;   ///< e.g. "no better BLEU in 10 validations"
  bool failed = false;  ///< the reason is an error
  std::int64_t updates = 0;
  double epoch = 0.0;
  std::int64_t total_tokens = 0;
  double seconds = 0.0;
  std::string best_metric;
  double best_score = 0.0;  ///< meaningless while best_update is 0
  std::int64_t best_update = 0;
};

/// Called from the training thread, one call at a time.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_update(const UpdateReport& report) { (void)report; }
  virtual void on_validation(const ValidationReport& report) { (void)report; }
  virtual void on_checkpoint(const CheckpointReport& report) { (void)report; }
  /// The state to go on from was written.
  virtual void on_state(const std::string& path) { (void)path; }
  virtual void on_stop(const StopReport& report) { (void)report; }
};

}  // namespace isthmus
