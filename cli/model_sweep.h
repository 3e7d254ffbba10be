// The models of a sweep: trained one after another into a folder, so that an interrupted sweep goes on where it was.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/training_study.h"
#include "cli/train_options.h"
#include "ledger/ledger.h"

namespace isthmus::cli {

/// A model of the sweep, there to be measured.
struct SweptModelFile {
  PlannedModel plan;
  std::string path;
  RunId train_run{};  ///< that ended its training
};

/// Trains the models that a study plans. Each is a run of the ledger whose parent is the study's run, unless it resumes
/// another.
class ModelSweep {
 public:
  /// `options`: what all models share; of the model, what the study leaves open. `force`: train anew what is there.
  ModelSweep(std::string folder, TrainOptions options, bool force, Ledger& ledger, RunId run)
      : folder_(std::move(folder)), options_(std::move(options)), force_(force), ledger_(ledger), run_(run) {}

  /// In the order of the plan. Throws InputError when a model that is there was trained with other options or text, or
  /// training fails; Interrupted when the user interrupts.
  std::vector<SweptModelFile> train(const TrainingStudy& study, const TrainingStudyOptions& options);

 private:
  enum class Standing { kAbsent, kUnfinished, kFinished };

  TrainOptions options_of(const PlannedModel& plan) const;
  /// Of what lies in the folder.
  Standing standing_of(const TrainOptions& options);
  void require_same(const TrainOptions& options, RunId run);
  /// Throws unless a finished model saw the text that is there now.
  void require_same_text(const TrainOptions& options);
  /// `left`: models after this one.
  SweptModelFile train_one(const PlannedModel& plan, std::size_t number, std::size_t count);
  /// "; about 9:00 to go", or what a budget of updates has taken so far lets expect.
  std::string time_left(std::size_t models) const;

  std::string folder_;
  TrainOptions options_;
  bool force_;
  Ledger& ledger_;
  RunId run_;
  std::string tokenizers_of_;      // the first model
  std::vector<std::string> done_;  // models of this sweep, trained or found
  std::vector<double> seconds_;    // of those that were trained now
  std::string text_identity_;      // once it is known
};

}  // namespace isthmus::cli
