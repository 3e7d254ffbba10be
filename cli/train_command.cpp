#include "cli/train_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command_line.h"
#include "cli/recorded_file.h"
#include "cli/train_options.h"
#include "cli/training_ledger.h"
#include "cli/training_log.h"
#include "cli/training_texts.h"
#include "cli/training_world.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/process_info.h"
#include "core/progress.h"
#include "core/threads.h"
#include "corpora/corpus_cache.h"
#include "distributed/world.h"
#include "training/corpus_pairs.h"
#include "training/trainer.h"
#include "training/validator.h"

namespace isthmus::cli {
namespace {

/// All ranks take what rank 0 has found in a model.
void share_options(Communicator& world, TrainOptions& options) {
  if (world.alone()) return;
  std::string json = to_json(options);
  world.broadcast(json);
  from_json(json, "rank 0", options);
}

/// Where a run comes from, but for its state.
struct Origin {
  std::optional<ModelFile> initial = {};     ///< whose weights and tokenizers it starts from
  std::optional<ModelFile> vocabulary = {};  ///< whose tokenizers alone it takes
  std::optional<RunId> parent = {};          ///< the run of the command that trains it
};

TokenizerPair make_tokenizers(const TrainOptions& options, TrainingTexts& texts,
                              const std::optional<StoredState>& state, const Origin& origin) {
  if (state) {
    return stored_tokenizers(state->state().source_tokenizer, state->state().target_tokenizer,
                             state_path(options.files.model));
  }
  if (const auto& known = origin.initial ? origin.initial : origin.vocabulary) {
    return stored_tokenizers(known->source_tokenizer, known->target_tokenizer,
                             origin.initial ? options.files.init_from : "the model with the tokenizers");
  }
  const LineSample sample = std::move(texts.sample);
  const bool joint = options.tokenizer.joint;
  log_info("training {} {} tokenizer{} of {} pieces on {} …", joint ? "a joint" : "two",
           name_of(options.tokenizer.type), joint ? "" : "s", options.tokenizer.vocabulary_size,
           counted(static_cast<std::int64_t>(sample.source.size()), "pair"));
  return train_tokenizers(options.tokenizer, sample.source, sample.target);
}

/// Reads the texts; lines to train a tokenizer on are drawn where it is not known yet.
TrainingTexts read_texts(const TrainOptions& options, bool tokenizer_is_known, Communicator& world) {
  const TrainFiles& files = options.files;
  const InterruptScope interrupt;
  TrainingTexts texts =
      read_training_texts({.train = {.source = files.source, .target = files.target},
                           .valid = {.source = files.valid_source, .target = files.valid_target},
                           .scratch_folder = std::filesystem::path(corpus_path(files)).parent_path().string()},
                          tokenizer_is_known ? nullptr : &options.tokenizer);
  require_same(world, "the texts", texts.identity(), "copy them, so that all machines have the same files");
  return texts;
}

/// Rank 0 comes first, so that ranks with the same folder find what it has written; those on other machines write
/// theirs.
EncodedCorpus encode_text(const TrainOptions& options, TrainingTexts& texts, const TokenizerPair& tokenizers,
                          Communicator& world) {
  const InterruptScope interrupt;
  ThreadPool threads(static_cast<std::size_t>(options.files.threads));
  const EncodingLimits limits = encoding_limits(options.training);
  if (texts.valid.size() > 0) held_out_pairs(texts.valid, tokenizers, limits, threads);  // or throws, before the work
  if (!world.leads()) world.barrier();
  EncodedCorpus corpus = open_or_encode(corpus_path(options.files),
                                        {.text = texts.train,
                                         .identity = texts.train_identity,
                                         .tokenizers = tokenizers,
                                         .limits = limits,
                                         .keeps_lines = options.training.sampling_alpha > 0},
                                        threads);
  if (world.leads()) world.barrier();
  trim_heap();  // of what lines, SentencePiece's training and encoding took
  return corpus;
}

struct LedgerRun {
  RunId run{};
  CorpusId valid{};
};

/// The run that this one goes on with or starts from.
std::optional<RunId> parent_of(Ledger& ledger, const TrainOptions& options) {
  const TrainFiles& files = options.files;
  if (options.once.resume) {
    const std::string state = hash128_hex(read_file(state_path(files.model)));
    if (const auto run = ledger.run_of_state(state, config_path(files.model))) return run;
  }
  const std::string& model = options.once.resume ? files.model : files.init_from;
  if (!std::filesystem::exists(model)) return std::nullopt;
  return ledger.run_of_model(hash128_hex(read_file(model)), model);
}

LedgerRun begin_run(Ledger& ledger, const TrainOptions& options, const TrainingTexts& texts, const Trainer& trainer,
                    const Origin& origin) {
  RunRecord record{.command = "train",
                   .config_json = to_json(options),
                   .version = ISTHMUS_VERSION,
                   .build_json = build_json(),
                   .seed = options.training.seed,
                   .threads = options.files.threads,
                   .parameters = trainer.parameters()};
  if (options.once.resume) record.resumed_at = trainer.progress().update;
  record.parent = parent_of(ledger, options);
  if (!record.parent && !options.once.resume) record.parent = origin.parent;
  LedgerRun kept;
  ledger.transaction([&] {
    kept.run = ledger.begin_run(record);
    ledger.add(recorded_file(kept.run, "config", config_path(options.files.model)));
    ledger.add_corpus(kept.run, corpus_row("train", texts.train.name(), texts.train_identity), "train");
    if (texts.valid.size() > 0) {
      kept.valid =
          ledger.add_corpus(kept.run, corpus_row("valid", texts.valid.source_name, texts.valid_identity), "valid");
    }
  });
  return kept;
}

void describe_memory(const MemoryPlan& plan) {
  const auto megabytes = [](std::int64_t bytes) { return with_commas((bytes + 999'999) / 1'000'000); };
  const LargestBatch& largest = plan.batch;
  log_info(
      "memory: about {} MB: {} for parameters, gradient and optimiser, {} for the largest batch ({}, {} + {} "
      "pieces{}), {} for the rest",
      megabytes(plan.total()), megabytes(plan.parameters), megabytes(plan.activations),
      counted(largest.sentences(), "pair"), with_commas(largest.source_tokens()), with_commas(largest.target_tokens()),
      plan.rounds > 1 ? fmt::format(", in {} rounds", plan.rounds) : "", megabytes(plan.rest));
  const std::int64_t available = available_memory();
  if (available > 0 && plan.total() > available) {
    log_warning("this machine has {} MB left, so the run may be killed; --memory-budget {} runs batches in more rounds",
                megabytes(available), available / 1'100'000);
  }
}

void describe_run(const TrainOptions& options, const Trainer& trainer, const Communicator& world) {
  const EncodingCounts& counts = trainer.corpus().counts();
  log_info("{} to train on ({} with an empty side and {} too long left out, {} cropped)",
           counted(static_cast<std::int64_t>(trainer.corpus().pairs()), "pair"), counts.skipped_empty,
           counts.skipped_long, counts.cropped);
  const std::int64_t threads = options.files.threads;
  log_info("{} {}, {} layer{} of {} units, embeddings of {}, {} + {} pieces: {} parameters; {}{}",
           options.model.bidirectional ? "bidirectional" : "unidirectional", name_of(options.model.cell),
           options.model.layers, options.model.layers == 1 ? "" : "s", options.model.hidden, options.model.embedding,
           options.model.source_vocabulary, options.model.target_vocabulary, with_commas(trainer.parameters()),
           world.alone() ? "" : fmt::format("{} ranks, this one of ", world.size()), counted(threads, "thread"));
  describe_memory(trainer.memory());
  if (needs_candidates(options.training.objective) && options.files.valid_source.empty()) {
    log_warning("without --valid-source nothing notices when {} ruins the model", name_of(options.training.objective));
  }
  const auto ranks = static_cast<std::int64_t>(world.size());
  const std::int64_t shards = options.training.batch.shards / ranks;
  if (threads > shards) {
    log_info(
        "a batch has {} shards{}, so {} of {} threads will wait; --shards {} uses them all, and gives another model",
        shards, world.alone() ? "" : " on each rank", threads - shards, threads, threads * ranks);
  }
}

/// Makes the vocabularies part of the model's options.
TrainingSetup setup_of(TrainOptions& options, TokenizerPair tokenizers, const TrainingTexts& texts,
                       Communicator& world) {
  options.model.source_vocabulary = static_cast<std::int64_t>(tokenizers.source.size());
  options.model.target_vocabulary = static_cast<std::int64_t>(tokenizers.target.size());
  return {.model = options.model,
          .training = options.training,
          .tokenizers = std::move(tokenizers),
          .tokenizer_options = options.tokenizer,
          .joint = options.tokenizer.joint,
          .model_path = options.files.model,
          .corpus_identity = texts.identity(),
          .version = ISTHMUS_VERSION,
          .threads = options.files.threads,
          .world = &world};
}

/// The part of a rank other than 0, which neither talks nor writes.
int follow(TrainOptions& options, Communicator& world) {
  TrainingTexts texts = read_texts(options, true, world);
  TrainingSetup setup = setup_of(options, tokenizers_of_rank_0(world), texts, world);
  EncodedCorpus corpus = encode_text(options, texts, setup.tokenizers, world);
  Trainer trainer(std::move(setup), std::move(corpus), texts.valid);
  texts.valid = {};
  trainer.begin_together();
  const InterruptScope interrupt;
  const StopReport report = trainer.run({});
  if (report.failed) throw std::runtime_error(report.reason);
  return world.any(interrupted()) ? 130 : 0;
}

int train(TrainOptions& options, const std::string& config, const Origin& origin, Communicator& world) {
  std::optional<Ledger> ledger;
  if (!options.files.ledger.empty()) ledger = Ledger::open(options.files.ledger);
  std::optional<StoredState> state;
  if (options.once.resume) state = StoredState::load(state_path(options.files.model));
  TrainingTexts texts = read_texts(options, state || origin.initial || origin.vocabulary, world);
  TokenizerPair tokenizers = make_tokenizers(options, texts, state, origin);
  give_tokenizers(world, tokenizers, options.tokenizer.joint);
  TrainingSetup setup = setup_of(options, std::move(tokenizers), texts, world);
  if (state) state->require_same(identity_of(setup));  // before another text takes the place of the encoded one
  EncodedCorpus corpus = encode_text(options, texts, setup.tokenizers, world);
  Trainer trainer(std::move(setup), std::move(corpus), texts.valid);
  if (origin.initial) trainer.start_from(*origin.initial, options.files.init_from);
  if (state) trainer.resume(*state);
  if (state && !std::filesystem::exists(options.files.model)) {
    log_warning("{} is not there; the next model that is validated takes its place", options.files.model);
  }
  describe_run(options, trainer, world);
  write_file_atomically(config_path(options.files.model), config);

  TrainingLog log(options.training, trainer.parameters());
  std::vector<TrainingObserver*> observers = {&log};
  std::optional<TrainingLedger> ledger_observer;
  if (ledger) {
    const LedgerRun kept = begin_run(*ledger, options, texts, trainer, origin);
    ledger_observer.emplace(*ledger, kept.run, kept.valid, options.training, options.files.model);
    observers.push_back(&*ledger_observer);
  }
  texts.valid = {};
  trainer.begin_together();
  if (origin.parent) reset_peak_memory();  // runs of a study compare, and only the first of them makes the vocabulary
  const InterruptScope interrupt;
  const StopReport report = trainer.run(observers);
  const bool left_nothing =
      !std::filesystem::exists(options.files.model) && !std::filesystem::exists(state_path(options.files.model));
  if (report.failed && left_nothing) std::filesystem::remove(config_path(options.files.model));
  if (report.failed) {
    world.abandon();
    return 1;
  }
  return world.any(interrupted()) ? 130 : 0;
}

/// Another run must not write the same model meanwhile.
struct ModelLock : FileLock {
  explicit ModelLock(const TrainFiles& files)
      : FileLock(files.model + ".lock", "is of another run that is writing this model",
                 "wait for its end, or write another model") {}
};

/// The shape of the model to be trained.
struct Shape {
  ModelOptions options;
};
void describe(OptionVisitor& visit, Shape& shape) { describe_shape(visit, shape.options); }

/// Gives the new model the shape and the kind of vocabulary of the one it starts from, where the user left them open.
void adopt(const CommandLine& line, const std::string& path, const ModelFile& initial, TrainOptions& options) {
  const auto theirs = nlohmann::json::parse(to_json(Shape{initial.model->options()}));
  const auto ours = nlohmann::json::parse(to_json(Shape{options.model}));
  for (const auto& [name, value] : theirs.items()) {
    if (line.given(name) && ours[name] != value) {
      throw UsageError(fmt::format("--{} {}: the model of --init-from, {}, has {}; leave the option out", name,
                                   ours[name].dump(), path, value.dump()));
    }
  }
  Shape shape{options.model};
  from_json(theirs.dump(), path, shape);
  options.model = shape.options;
  options.tokenizer.joint = initial.target_tokenizer.empty();
}

}  // namespace

int run_train(Arguments arguments) {
  TrainOptions options;
  CommandLine line(
      "train", "--source F --target F --model OUT.isthmus",
      "Learns to translate from parallel text and writes one model file: weights, tokenizers and options.",
      {"isthmus train --source train.en --target train.de --valid-source dev.en --valid-target dev.de \\",
       "              --model en-de.isthmus --max-minutes 25", "isthmus train --config en-de.isthmus.config --resume"});
  line.add(options.files);
  line.add_once(options.once);
  line.add(options.tokenizer);
  line.add(options.model);
  line.add(options.training);
  if (!line.parse(arguments)) return 0;
  Communicator world = join_world();
  check_ranks(options, world);
  refuse_cold_start(options);
  require_same_command(world, line.effective_config());
  std::optional<ModelLock> lock;
  Origin origin;
  if (world.leads()) {
    check_files(options.files, options.once);
    lock.emplace(options.files);
    if (!options.files.log.empty()) log_also_to(options.files.log);
    if (!options.files.init_from.empty() && !options.once.resume) {
      origin.initial = load_model(options.files.init_from);
      adopt(line, options.files.init_from, *origin.initial, options);
      log_info("starting from {}, with its tokenizers and its shape", options.files.init_from);
    }
  } else {
    log_only_errors();
  }
  share_options(world, options);
  check(options);
  const std::string config = line.effective_config();
  if (options.files.threads == 0) options.files.threads = static_cast<std::int64_t>(available_processors());
  return world.leads() ? train(options, config, origin, world) : follow(options, world);
}

bool train_model(TrainRequest request) {
  TrainOptions& options = request.options;
  check_files(options.files, options.once);
  const ModelLock lock(options.files);
  Origin origin{.parent = request.parent};
  if (!request.tokenizers_of.empty()) origin.vocabulary = load_model(request.tokenizers_of);
  check(options);
  if (options.files.threads == 0) options.files.threads = static_cast<std::int64_t>(available_processors());
  const std::string config = "# isthmus train --config THIS_FILE\n" + to_config(options);
  Communicator alone;
  const int code = train(options, config, origin, alone);
  trim_heap();
  if (code == 130) throw Interrupted();
  return code == 0;
}

}  // namespace isthmus::cli
