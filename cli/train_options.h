// The options of `isthmus train`, and what is refused before any work.
#pragma once

#include <cstdint>
#include <string>

#include "core/options.h"
#include "distributed/communicator.h"
#include "model/model_options.h"
#include "tokenizer/tokenizer_options.h"
#include "training/training_options.h"

namespace isthmus::cli {

/// What to train on, and where the results go.
struct TrainFiles {
  std::string source;
  std::string target;
  std::string valid_source;
  std::string valid_target;
  std::string model = "model.isthmus";
  std::string corpus_cache;
  std::string ledger = "ledger.sqlite";
  std::string init_from;
  std::string log;
  std::int64_t threads = 0;  ///< 0: one for each processor
};
void describe(OptionVisitor& visit, TrainFiles& files);

/// What to do with files that are there already.
struct Once {
  bool resume = false;
  bool force = false;
};
void describe(OptionVisitor& visit, Once& once);

struct TrainOptions {
  TrainFiles files;
  Once once;
  TokenizerOptions tokenizer;
  ModelOptions model;
  TrainingOptions training;
};
/// The options for the ledger: without `once`.
void describe(OptionVisitor& visit, TrainOptions& options);

/// MODEL.config, the effective configuration of the run that made a model.
std::string config_path(const std::string& model_path);
/// The file of the encoded text.
std::string corpus_path(const TrainFiles& files);

/// Throws UsageError or InputError unless what is to be read is named, what is to be written can be, and nothing is
/// overwritten that should not be.
void check_files(const TrainFiles& files, const Once& once);

/// Throws UsageError for what several ranks cannot do.
void check_ranks(const TrainOptions& options, const Communicator& world);

/// Throws UsageError for an objective that would learn from the noise of a new model.
void refuse_cold_start(const TrainOptions& options);

/// Throws UsageError for options of tokenizer, model and training that contradict each other. The model's are known.
void check(const TrainOptions& options);

}  // namespace isthmus::cli
