// Training: batches, gradients, steps, validations, checkpoints.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpora/encoded_corpus.h"
#include "distributed/communicator.h"
#include "model/model_file.h"
#include "tokenizer/tokenizer.h"
#include "training/batch_stream.h"
#include "training/gradient_workers.h"
#include "training/memory_plan.h"
#include "training/objective.h"
#include "training/observer.h"
#include "training/training_options.h"
#include "training/training_state.h"
#include "training/validator.h"

namespace isthmus {

/// What a run is made of.
struct TrainingSetup {
  ModelOptions model;  ///< vocabulary sizes included
  TrainingOptions training;
  TokenizerPair tokenizers;
  TokenizerOptions tokenizer_options = {};  ///< that they were asked for with; a resumed run must ask for the same
  bool joint = true;                        ///< the two tokenizers are one
  std::string model_path;
  std::string corpus_identity;  ///< hashes of the texts, as JSON; goes into the model's provenance
  std::string version;          ///< of the program; so does this
  std::int64_t threads = 1;
  Communicator* world = nullptr;  ///< the ranks that train together; null: this process alone
};

/// What must be the same when the run goes on.
RunIdentity identity_of(const TrainingSetup& setup);

/// MODEL.state, what a run goes on from.
std::string state_path(const std::string& model_path);

/// One training run. The best model so far (the last, without held-out text) is always whole in setup.model_path, and
/// the state to go on from beside it.
///
/// Several ranks do each update together: they have the same text, share the batch's shards and the held-out text, and
/// step alike, so that they decide alike; what a rank cannot know (signals, the clock) they ask each other. Rank 0
/// alone has observers and writes files.
class Trainer {
 public:
  /// `corpus`: the training text as the setup's tokenizers and encoding_limits() encode it; it keeps its lines where
  /// they are to be cut anew. `valid` may be empty. Throws InputError when there is held-out text and none of it can be
  /// used, UsageError when the memory budget is too small.
  Trainer(TrainingSetup setup, EncodedCorpus corpus, const ParallelText& valid);

  /// Starts from these weights instead of random ones. Throws InputError when the model has another shape.
  void start_from(const ModelFile& file, const std::string& path);
  /// Goes on from a state. Throws InputError when it belongs to another run. Where a limit ended that run, its last
  /// validation was not part of the state; a model that it found best stays until there is a better one.
  void resume(const StoredState& stored);
  /// All ranks begin where rank 0 stands: the others need neither start_from() nor resume(). Alone, it does nothing.
  void begin_together();

  /// Trains until a stop option says so, or until interrupted() becomes true; saves and returns why. A loss that is not
  /// a number, or an error such as a full disk, ends the run with `failed`, and what was saved before stays.
  StopReport run(const std::vector<TrainingObserver*>& observers);

  std::int64_t parameters() const { return model_.layout().parameters(); }
  const EncodedCorpus& corpus() const { return corpus_; }
  const TrainingProgress& progress() const { return progress_; }
  const MemoryPlan& memory() const { return memory_; }

 private:
  struct Outcome {
    std::string reason;
    bool failed = false;
  };

  /// Runs the largest batch, for nothing but its memory: what is too large fails now and not in an hour.
  void rehearse();
  Outcome train();
  std::optional<Outcome> train_batch();
  /// Cross-entropy of the reference per token, where it is learned, else what the objective minimises.
  double reported_loss(const std::vector<LossSum>& sums) const;
  bool validation_due() const;
  /// Nothing when the user interrupted.
  std::optional<ValidationReport> scores();
  /// False, and nothing changed, when the user interrupted. `last`: the run ends here, so the patience is not told.
  bool validate(bool last);
  /// Why the weights must not be saved, if so.
  std::optional<Outcome> diverged();
  Outcome diverged_at(std::int64_t update, std::string_view what) const;
  /// The end by an error: why, and what is left.
  Outcome failure(std::string reason) const;
  /// What a failed run says of the model file.
  std::string model_kept() const;
  /// The end of a run whose objective has ruined the model: the file keeps the best, the state that before.
  std::optional<Outcome> collapsed() const;
  /// Validates and saves when due.
  std::optional<Outcome> checkpoint();
  /// The updates since the last validation may be the best, or the first that can be saved. The state is saved before:
  /// a run that goes on later has not seen this validation, so that it ends as one that never stopped.
  std::optional<Outcome> finish();
  std::optional<Outcome> stop_reason();
  /// Of the model file, when this run wrote it.
  Standing standing_of_model() const;
  /// Writes the model file; it is then what stands in it.
  void save_best(const Standing& standing);
  void save_snapshot();
  void save_progress();
  std::string provenance() const;
  void save(const std::string& path) const;
  const Arena<float>& evaluated_values() const;
  double seconds() const;
  double epochs() const;
  template <class Call>
  void tell(const Call& call);

  TrainingSetup setup_;
  Communicator alone_;
  Communicator& world_;
  EncodedCorpus corpus_;
  ThreadPool threads_;
  Seq2Seq<float> model_;
  MemoryPlan memory_;
  Arena<float> values_;
  Arena<float> grads_;
  Optimizer optimizer_;
  Schedule schedule_;
  GradientWorkers workers_;
  std::unique_ptr<Objective> objective_;
  std::optional<Validator> validator_;
  TrainingProgress progress_;
  Standing measured_;          // by the last validation
  double length_ratio_ = 1.0;  // of its translations
  bool starts_from_model_ = false;
  Standing saved_;                 // what the model file holds: progress_.best, or better after a resume
  std::int64_t state_update_ = 0;  // of the last state that was read or saved
  BatchStream batches_;
  std::vector<TrainingObserver*> observers_;
  double started_ = 0.0;          // on the steady clock
  double earlier_seconds_ = 0.0;  // of the parts of a resumed run
};

}  // namespace isthmus
