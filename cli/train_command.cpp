#include "cli/train_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command_line.h"
#include "cli/training_ledger.h"
#include "cli/training_log.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/process_info.h"
#include "corpora/parallel_text.h"
#include "training/trainer.h"

namespace isthmus::cli {
namespace {

/// What to train on, and where the results go.
struct Files {
  std::string source;
  std::string target;
  std::string valid_source;
  std::string valid_target;
  std::string model = "model.isthmus";
  std::string ledger = "ledger.sqlite";
  std::string init_from;
  std::int64_t threads = 0;  ///< 0: one for each processor
};

void describe(OptionVisitor& visit, Files& files) {
  visit.group("Files");
  visit("source", files.source,
        "text to learn from, a sentence a line; or source TAB target, without --target; may be "
        ".gz .xz .zst .bz2, or - for standard input");
  visit("target", files.target, "its translation, line by line");
  visit("valid-source", files.valid_source,
        "held-out text, to choose the best model and to stop; TAB-separated without "
        "--valid-target");
  visit("valid-target", files.valid_target, "its translation");
  visit("model", files.model, "the model file to write; NAME.state beside it goes on with --resume");
  visit("ledger", files.ledger, "SQLite file that keeps runs, logs and scores; none if empty");
  visit("init-from", files.init_from, "start from the weights and tokenizers of this model");
  visit("threads", files.threads, "threads; 0 is one for each processor. No effect on the result", between(0, 1024));
}

/// What to do with files that are there already.
struct Once {
  bool resume = false;
  bool force = false;
};

void describe(OptionVisitor& visit, Once& once) {
  visit.group("This time");
  visit("resume", once.resume, "go on from the state of an earlier run with the same options");
  visit("force", once.force, "overwrite a model or state that is there already");
}

struct TrainOptions {
  Files files;
  Once once;
  TokenizerOptions tokenizer;
  ModelOptions model;
  TrainingOptions training;
};

/// The options for the ledger.
void describe(OptionVisitor& visit, TrainOptions& options) {
  describe(visit, options.files);
  describe(visit, options.tokenizer);
  describe(visit, options.model);
  describe(visit, options.training);
}

struct Texts {
  ParallelText train;
  ParallelText valid;
  std::string train_hash[2];
  std::string valid_hash[2];

  /// The hashes as JSON.
  std::string identity() const {
    nlohmann::ordered_json json;
    json["train-pairs"] = train.size();
    json["train-source"] = train_hash[0];
    json["train-target"] = train_hash[1];
    if (valid.size() > 0) {
      json["valid-source"] = valid_hash[0];
      json["valid-target"] = valid_hash[1];
    }
    return json.dump();
  }
};

std::string hash_of(const std::vector<std::string>& lines) {
  Hasher hasher;
  for (const std::string& line : lines) {
    hasher.update(line);
    hasher.update("\n");
  }
  return hasher.hex();
}

void check_files(const Files& files, const Once& once) {
  if (files.source.empty()) throw UsageError("--source is missing: the text to learn from");
  if (files.valid_source.empty() && !files.valid_target.empty()) {
    throw UsageError("--valid-target without --valid-source; give both");
  }
  if (files.model.empty()) throw UsageError("--model is empty; name the file to write");
  if (!files.model.ends_with(".isthmus")) throw UsageError("--model: the name of a model ends in .isthmus");
  if (once.resume && once.force) throw UsageError("--resume goes on with a run, --force starts anew; give one of them");
  const std::string state = state_path(files.model);
  if (once.resume) {
    if (!std::filesystem::exists(state)) {
      throw InputError::in_file(state, "there is no state to go on from", "start without --resume");
    }
    if (!files.init_from.empty()) throw UsageError("--init-from starts a run; --resume goes on with one");
    return;
  }
  for (const std::string& file : {files.model, state}) {
    if (!once.force && std::filesystem::exists(file)) {
      throw InputError::in_file(file, "is there already",
                                "--resume goes on with that run, --force overwrites it, --model NAME writes another");
    }
  }
}

Texts read_texts(const Files& files) {
  Texts texts;
  texts.train = read_parallel({.source = files.source, .target = files.target});
  if (texts.train.size() == 0) {
    throw InputError::in_file(files.source, "has no lines", "give parallel text, or make some: isthmus corpus --help");
  }
  texts.train_hash[0] = hash_of(texts.train.source);
  texts.train_hash[1] = hash_of(texts.train.target);
  if (!files.valid_source.empty()) {
    texts.valid = read_parallel({.source = files.valid_source, .target = files.valid_target});
    texts.valid_hash[0] = hash_of(texts.valid.source);
    texts.valid_hash[1] = hash_of(texts.valid.target);
    if (texts.valid.size() == 0) throw InputError::in_file(files.valid_source, "has no lines", "give held-out text");
  }
  return texts;
}

TokenizerPair stored_tokenizers(const std::string& source, const std::string& target, const std::string& origin) {
  Tokenizer first = Tokenizer::from_bytes(source, origin);
  Tokenizer second = target.empty() ? first : Tokenizer::from_bytes(target, origin);
  return {std::move(first), std::move(second)};
}

TokenizerPair make_tokenizers(const TrainOptions& options, const Texts& texts, const std::optional<StoredState>& state,
                              const std::optional<ModelFile>& initial, bool& joint) {
  if (state) {
    joint = state->state().target_tokenizer.empty();
    return stored_tokenizers(state->state().source_tokenizer, state->state().target_tokenizer,
                             state_path(options.files.model));
  }
  if (initial) {
    joint = initial->target_tokenizer.empty();
    return stored_tokenizers(initial->source_tokenizer, initial->target_tokenizer, options.files.init_from);
  }
  joint = options.tokenizer.joint;
  log_info("training {} {} tokenizer{} of {} pieces on {} pairs …", joint ? "a joint" : "two",
           name_of(options.tokenizer.type), joint ? "" : "s", options.tokenizer.vocabulary_size, texts.train.size());
  return train_tokenizers(options.tokenizer, texts.train.source, texts.train.target);
}

CorpusRow corpus_row(const std::string& split, const ParallelText& text, const std::string (&hash)[2]) {
  return {.name = std::filesystem::path(text.source_name).filename().string(),
          .split = split,
          .source_hash = hash[0],
          .target_hash = hash[1],
          .lines = static_cast<std::int64_t>(text.size())};
}

/// A run in the ledger, or nothing when there is no ledger.
struct LedgerRun {
  Ledger ledger;
  RunId run{};
  CorpusId valid{};
};

std::optional<LedgerRun> open_ledger(const TrainOptions& options, const Texts& texts, const Trainer& trainer) {
  if (options.files.ledger.empty()) return std::nullopt;
  LedgerRun kept{Ledger::open(options.files.ledger)};
  RunRecord record{.command = "train",
                   .config_json = to_json(options),
                   .version = ISTHMUS_VERSION,
                   .build_json = build_json(),
                   .seed = options.training.seed,
                   .threads = options.files.threads,
                   .parameters = trainer.parameters()};
  if (options.once.resume) {
    record.resumed_at = trainer.progress().update;
    if (std::filesystem::exists(options.files.model)) {
      record.parent = kept.ledger.run_of_model(hash128_hex(read_file(options.files.model)));
    }
  }
  kept.run = kept.ledger.begin_run(record);
  kept.ledger.add_corpus(kept.run, corpus_row("train", texts.train, texts.train_hash), "train");
  if (texts.valid.size() > 0) {
    kept.valid = kept.ledger.add_corpus(kept.run, corpus_row("valid", texts.valid, texts.valid_hash), "valid");
  }
  return kept;
}

void describe_run(const TrainOptions& options, const Trainer& trainer) {
  const EncodingCounts& counts = trainer.counts();
  log_info("{} pairs to train on ({} with an empty side and {} too long left out, {} cropped)", trainer.pairs(),
           counts.skipped_empty, counts.skipped_long, counts.cropped);
  log_info("{} {}, {} layer{} of {} units, embeddings of {}, {} + {} pieces: {} parameters; {} thread{}",
           options.model.bidirectional ? "bidirectional" : "unidirectional", name_of(options.model.cell),
           options.model.layers, options.model.layers == 1 ? "" : "s", options.model.hidden, options.model.embedding,
           options.model.source_vocabulary, options.model.target_vocabulary, with_commas(trainer.parameters()),
           options.files.threads, options.files.threads == 1 ? "" : "s");
  if (options.files.threads > options.training.batch.shards) {
    log_info("a batch has {} shards, so {} of {} threads will wait; --shards {} uses them all, and gives another model",
             options.training.batch.shards, options.files.threads - options.training.batch.shards,
             options.files.threads, options.files.threads);
  }
}

int train(TrainOptions& options, const std::string& config) {
  Texts texts = read_texts(options.files);
  std::optional<StoredState> state;
  if (options.once.resume) state = StoredState::load(state_path(options.files.model));
  std::optional<ModelFile> initial;
  if (!options.files.init_from.empty()) initial = load_model(options.files.init_from);

  const TokenizerOptions asked_for = options.tokenizer;  // before the tokenizers of a state or a model take its place
  TrainingSetup setup{.model = options.model,
                      .training = options.training,
                      .tokenizers = {make_tokenizers(options, texts, state, initial, options.tokenizer.joint)},
                      .tokenizer_options = asked_for,
                      .joint = options.tokenizer.joint,
                      .model_path = options.files.model,
                      .corpus_identity = texts.identity(),
                      .version = ISTHMUS_VERSION,
                      .threads = options.files.threads};
  setup.model.source_vocabulary = static_cast<std::int64_t>(setup.tokenizers.source.size());
  setup.model.target_vocabulary = static_cast<std::int64_t>(setup.tokenizers.target.size());
  options.model = setup.model;
  Trainer trainer(std::move(setup), texts.train, texts.valid);
  if (initial) trainer.start_from(*initial, options.files.init_from);
  if (state) trainer.resume(*state);
  describe_run(options, trainer);
  write_file_atomically(options.files.model + ".config", config);

  TrainingLog log(options.training);
  std::vector<TrainingObserver*> observers = {&log};
  std::optional<LedgerRun> kept = open_ledger(options, texts, trainer);
  std::optional<TrainingLedger> ledger_observer;
  if (kept) {
    ledger_observer.emplace(kept->ledger, kept->run, kept->valid, options.training);
    observers.push_back(&*ledger_observer);
  }
  texts = {};
  const InterruptScope interrupt;
  const StopReport report = trainer.run(observers);
  if (report.failed) return 1;
  return interrupted() ? 130 : 0;
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
  check_files(options.files, options.once);
  check(options.model);
  check(options.training, !options.files.valid_source.empty());
  if (options.model.tied_embeddings == TiedEmbeddings::kAll && !options.tokenizer.joint) {
    throw UsageError("--tied-embeddings all needs one vocabulary for both languages; leave out --joint-vocab=false");
  }
  if (options.training.sampling_alpha > 0 &&
      (options.tokenizer.type == TokenizerType::kChar || options.tokenizer.type == TokenizerType::kWord)) {
    throw UsageError("--sampling-alpha cuts words in several ways, which a char or word tokenizer cannot");
  }
  const std::string config = line.effective_config();
  if (options.files.threads == 0) options.files.threads = static_cast<std::int64_t>(available_processors());
  return train(options, config);
}

}  // namespace isthmus::cli
