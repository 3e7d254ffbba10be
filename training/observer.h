// What training tells: the progress bar, the log and the ledger are observers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isthmus {

/// A translation that an objective judged.
struct CandidateReport {
  std::string kind;  ///< "sample", "beam", "reference"
  std::string text;
  std::int64_t tokens = 0;  ///< the end included
  double log_prob = 0.0;
  std::optional<double> q;  ///< its share, for objectives that have one
  double reward = 0.0;
  std::optional<double> baseline;
  double weight = 0.0;
  bool duplicate = false;  ///< of an earlier one; counts nowhere
};

/// The candidates of a training pair.
struct CandidateSetReport {
  std::uint64_t pair = 0;  ///< its number in the training text as encoded, from 0
  std::string source;
  std::string reference;
  double value = 0.0;  ///< what is minimised, such as the risk
  double entropy = 0.0;
  double top1 = 0.0;
  double unique_share = 0.0;
  double effective_size = 0.0;
  std::vector<CandidateReport> candidates;
};

/// What the candidates of a batch were like: means over its sentences.
struct SequenceReport {
  std::string objective;
  std::string reward_name;
  double value = 0.0;           ///< what is minimised
  double reward = 0.0;          ///< of the candidates, by how often they were drawn
  double entropy = 0.0;         ///< of the distribution over different candidates, in nats
  double top1 = 0.0;            ///< the largest share of one
  double unique_share = 0.0;    ///< different ones among all
  double effective_size = 0.0;  ///< 1/ΣQ²
  double seconds = 0.0;         ///< for candidates and rewards
  std::int64_t candidates = 0;
  std::vector<CandidateSetReport> sets;  ///< of the pairs that are logged
};

/// After an update.
struct UpdateReport {
  std::int64_t update = 0;  ///< from 1, earlier parts of a resumed run included
  double epoch = 0.0;       ///< passes through the text, with fraction
  double loss = 0.0;        ///< per target token, with label smoothing, in nats
  double gradient_norm = 0.0;
  bool clipped = false;
  double learning_rate = 0.0;
  std::int64_t target_tokens = 0;            ///< of this batch
  std::int64_t total_tokens = 0;             ///< target tokens so far
  double seconds = 0.0;                      ///< of training so far, validation included
  double update_seconds = 0.0;               ///< of this update
  std::int64_t ranks = 1;                    ///< that train together
  std::int64_t sent_bytes = 0;               ///< by this rank to the others, for this update
  const SequenceReport* sequence = nullptr;  ///< of an objective with candidates; valid during the call
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
  double best_score = 0.0;        ///< meaningless while best_update is -1
  std::int64_t best_update = -1;  ///< -1: there is none
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
