// What a run must remember to go on as if it had never stopped.
#pragma once

#include <cstdint>
#include <string>

#include "core/options.h"
#include "model/layout.h"
#include "training/optimizer.h"
#include "training/standing.h"

namespace isthmus {

/// Where a run stands, between two updates. There is no state of random numbers: their streams follow from the seed,
/// the epoch and the update.
struct TrainingProgress {
  std::int64_t update = 0;    ///< done
  std::int64_t epoch = 0;     ///< finished
  std::int64_t position = 0;  ///< pairs of this epoch that are done
  std::int64_t tokens = 0;    ///< target tokens so far
  double seconds = 0.0;
  double rate_factor = 1.0;  ///< of the plateau
  Standing best;
  std::int64_t stalled = 0;
  std::int64_t validated = 0;  ///< last update after which there was a validation
};
void describe(OptionVisitor& visit, TrainingProgress& progress);

/// What must be the same when a run goes on, as JSON: the options and the hashes of the texts.
struct RunIdentity {
  std::string model_options;
  std::string training_options;
  std::string corpus;  ///< hashes of the training and held-out text
};

/// A state file: progress, values, the optimiser's arenas, the tokenizers and the identity.
struct TrainingState {
  RunIdentity identity;
  TrainingProgress progress;
  std::string source_tokenizer;
  std::string target_tokenizer;  ///< empty: joint
  std::string objective = {};    ///< what it has learned on the way (Objective::state)
};

/// Writes the file whole or not at all.
void save_state(const std::string& path, const TrainingState& state, const Arena<float>& values, Optimizer& optimizer);

/// A state file as it was read; the arenas are still bytes.
class StoredState {
 public:
  /// Throws InputError for anything but a whole state file.
  static StoredState load(const std::string& path);

  const TrainingState& state() const { return state_; }

  /// Throws InputError that names the first option that differs and its two values.
  void require_same(const RunIdentity& identity) const;

  /// Fills the values and the optimiser. Throws InputError when sizes do not fit.
  void restore(Arena<float>& values, Optimizer& optimizer) const;

 private:
  std::string path_;
  TrainingState state_;
  std::int64_t optimizer_steps_ = 0;
  std::vector<std::pair<std::string, std::string>> arenas_;
};

}  // namespace isthmus
