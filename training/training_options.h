// How a model is trained.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"
#include "evaluation/metric_tokenizers.h"
#include "training/optimizer.h"
#include "training/schedule.h"
#include "training/sequence_options.h"

namespace isthmus {

/// What becomes of a pair with a side that is longer than --max-length.
enum class LongPairs { kSkip, kCrop };
template <>
struct EnumNames<LongPairs> {
  static constexpr std::string_view names[] = {"skip", "crop"};
};

/// How batches are made of a corpus.
struct BatchOptions {
  std::int64_t sentences = 64;
  std::int64_t tokens = 0;    ///< if not 0: tokens of a batch's longer side, instead of sentences
  std::int64_t bucket = 100;  ///< batches' worth of random pairs that are sorted by length together
  std::int64_t shards = 2;
  std::int64_t memory_budget = 0;  ///< if not 0: megabytes (10⁶ bytes) of a run; larger batches run in rounds
};
void describe(OptionVisitor& visit, BatchOptions& options);

/// What validation decides by.
enum class SelectionMetric { kBleu, kChrf, kLoss };
template <>
struct EnumNames<SelectionMetric> {
  static constexpr std::string_view names[] = {"bleu", "chrf", "loss"};
};

struct ValidationOptions {
  std::int64_t every_updates = 0;  ///< 0: after each epoch
  std::int64_t sentences = 0;      ///< translate no more than so many; 0: all
  SelectionMetric metric = SelectionMetric::kBleu;
  MetricTokenizer tokenize = MetricTokenizer::k13a;
};
void describe(OptionVisitor& visit, ValidationOptions& options);

/// When training ends. 0 is never; the first that is reached wins.
struct StopOptions {
  std::int64_t max_updates = 0;
  std::int64_t max_epochs = 0;
  double max_minutes = 0;
  std::int64_t patience = 10;  ///< validations without a better score
};
void describe(OptionVisitor& visit, StopOptions& options);

struct TrainingOptions {
  ObjectiveType objective = ObjectiveType::kMle;
  SequenceOptions sequence;
  BatchOptions batch;
  double label_smoothing = 0.1;
  double sampling_alpha = 0.0;    ///< 0: one cut for each sentence
  std::int64_t max_length = 150;  ///< pieces of a side
  LongPairs long_pairs = LongPairs::kSkip;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  ValidationOptions validation;
  StopOptions stop;
  std::int64_t keep_last = 0;
  std::int64_t save_every = 0;
  std::int64_t log_every = 100;
  std::int64_t seed = 1;
};

/// The options that decide the weights: they must be the same when a run is resumed.
void describe_result(OptionVisitor& visit, TrainingOptions& options);
/// All options.
void describe(OptionVisitor& visit, TrainingOptions& options);

/// Throws UsageError for options that contradict each other. `has_validation`: there is held-out text.
void check(const TrainingOptions& options, bool has_validation);

}  // namespace isthmus
