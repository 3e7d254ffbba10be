#include "cli/train_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/output_files.h"
#include "core/error.h"
#include "core/file.h"
#include "corpora/corpus_cache.h"
#include "training/snapshots.h"
#include "training/trainer.h"

namespace isthmus::cli {
namespace {

/// A name given in error must not cost a file, and the disk's refusal must not come after the tokenizer's training.
void check_corpus_cache(const TrainFiles& files) {
  const std::string path = corpus_path(files);
  if (!std::filesystem::exists(path)) {
    const AtomicFile writable(path);
    return;
  }
  const bool serves = files.corpus_cache.empty() ? std::filesystem::is_regular_file(path) : is_corpus_file(path);
  if (!serves) throw InputError::in_file(path, "is not an encoded corpus", "give another --corpus-cache");
}

/// What a run writes must be files of their own.
void refuse_same_outputs(const TrainFiles& files) {
  const std::pair<std::string, std::string> outputs[] = {{"--model", files.model},
                                                         {"the state of --model", state_path(files.model)},
                                                         {"the configuration of --model", config_path(files.model)},
                                                         {"--corpus-cache", corpus_path(files)},
                                                         {"--ledger", files.ledger},
                                                         {"--log", files.log}};
  for (std::size_t i = 0; i < std::size(outputs); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (outputs[i].second.empty() || outputs[j].second.empty()) continue;
      if (same_file(outputs[i].second, outputs[j].second)) {
        throw UsageError(fmt::format("{} and {} are one file, {}; give them two names", outputs[j].first,
                                     outputs[i].first, outputs[i].second));
      }
    }
  }
}

}  // namespace

void describe(OptionVisitor& visit, TrainFiles& files) {
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
  visit("corpus-cache", files.corpus_cache,
        "file that keeps the text as pieces, for this run and all others on the same text and tokenizer; empty: "
        "NAME.corpus beside the model");
  visit("ledger", files.ledger, "SQLite file that keeps runs, logs and scores; none if empty");
  visit("log", files.log, "also add the lines of the log to the end of this file");
  visit("init-from", files.init_from,
        "start from the weights of this model, with its tokenizers and its shape; tokenizer options have no effect");
  visit("threads", files.threads, "threads; 0 is one for each processor. No effect on the result", between(0, 1024));
}

void describe(OptionVisitor& visit, Once& once) {
  visit.group("This time");
  visit("resume", once.resume, "go on from the state of an earlier run with the same options");
  visit("force", once.force, "overwrite a model or state that is there already");
}

void describe(OptionVisitor& visit, TrainOptions& options) {
  describe(visit, options.files);
  describe(visit, options.tokenizer);
  describe(visit, options.model);
  describe(visit, options.training);
}

std::string config_path(const std::string& model_path) { return model_path + ".config"; }

std::string corpus_path(const TrainFiles& files) {
  return files.corpus_cache.empty() ? files.model + ".corpus" : files.corpus_cache;
}

void check_files(const TrainFiles& files, const Once& once) {
  if (files.source.empty()) throw UsageError("--source is missing: the text to learn from");
  if (files.valid_source.empty() && !files.valid_target.empty()) {
    throw UsageError("--valid-target without --valid-source; give both");
  }
  if (files.model.empty()) throw UsageError("--model is empty; name the file to write");
  if (!files.model.ends_with(".isthmus")) throw UsageError("--model: the name of a model ends in .isthmus");
  if (once.resume && once.force) throw UsageError("--resume goes on with a run, --force starts anew; give one of them");
  const std::string state = state_path(files.model);
  const std::string inputs[] = {files.source, files.target, files.valid_source, files.valid_target, files.init_from};
  for (const std::string& output : {files.model, state, config_path(files.model)}) {
    refuse_input_as_output(output, inputs, "give another --model");
  }
  refuse_input_as_output(corpus_path(files), inputs, "give another --corpus-cache");
  refuse_input_as_output(files.ledger, inputs, "give another --ledger");
  refuse_input_as_output(files.log, inputs, "give another --log");
  refuse_same_outputs(files);
  const AtomicFile writable(files.model);  // before the hours, not after them
  check_corpus_cache(files);
  if (once.resume) {
    if (!std::filesystem::exists(state)) {
      const bool traces = std::filesystem::exists(files.model) || std::filesystem::exists(config_path(files.model));
      throw InputError::in_file(state, "there is no state to go on from",
                                traces ? "start anew, with --force instead of --resume" : "start without --resume");
    }
    return;
  }
  std::vector<std::string> files_of_run = {files.model, state, config_path(files.model)};
  for (const std::int64_t update : find_snapshots(files.model)) {
    files_of_run.push_back(snapshot_path(files.model, update));
  }
  for (const std::string& file : files_of_run) {
    if (!once.force && std::filesystem::exists(file)) {
      throw InputError::in_file(file, "is there already",
                                fmt::format("{}--force overwrites it, --model NAME writes another",
                                            std::filesystem::exists(state) ? "--resume goes on with that run, " : ""));
    }
  }
}

void check_ranks(const TrainOptions& options, const Communicator& world) {
  if (world.alone()) return;
  const auto ranks = static_cast<std::int64_t>(world.size());
  const std::int64_t shards = options.training.batch.shards;
  if (shards % ranks != 0) {
    throw UsageError(
        fmt::format("--shards {}: {} ranks cannot have the same number of them; give --shards {}, or another multiple",
                    shards, ranks, (shards / ranks + 1) * ranks));
  }
  if (needs_candidates(options.training.objective)) {
    throw UsageError(fmt::format("--objective {} works in one process; several are for mle and raml",
                                 name_of(options.training.objective)));
  }
  for (const std::string& file : {options.files.source, options.files.target, options.files.valid_source}) {
    if (file == "-") throw UsageError("standard input reaches one rank only; give all of them a file");
  }
}

/// What the model writes before it has learned to translate teaches it nothing.
void refuse_cold_start(const TrainOptions& options) {
  const ObjectiveType objective = options.training.objective;
  if (!needs_candidates(objective) || !options.files.init_from.empty() || options.once.resume || options.once.force) {
    return;
  }
  throw UsageError(
      fmt::format("--objective {} learns from what the model writes itself, and a new model writes noise; "
                  "train one with --objective mle and give it to --init-from, or insist with --force",
                  name_of(objective)));
}

void check(const TrainOptions& options) {
  check(options.model);
  check(options.training, !options.files.valid_source.empty());
  if (options.model.tied_embeddings == TiedEmbeddings::kAll && !options.tokenizer.joint) {
    throw UsageError("--tied-embeddings all needs one vocabulary for both languages; leave out --joint-vocab=false");
  }
  if (options.training.sampling_alpha > 0 &&
      (options.tokenizer.type == TokenizerType::kChar || options.tokenizer.type == TokenizerType::kWord)) {
    throw UsageError("--sampling-alpha cuts words in several ways, which a char or word tokenizer cannot");
  }
}

}  // namespace isthmus::cli
