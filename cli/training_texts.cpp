#include "cli/training_texts.h"

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.h"
#include "core/log.h"
#include "core/progress.h"
#include "tokenizer/training_text.h"

namespace isthmus::cli {
namespace {

void require_lines(const TextIdentity& identity, const std::string& name, const std::string& remedy) {
  if (identity.pairs == 0) throw InputError::in_file(name, "has no lines", remedy);
}

void read_train(TrainingTexts& texts, const TokenizerOptions* tokenizer) {
  const std::int64_t most = tokenizer != nullptr ? (tokenizer->max_sentences + 1) / 2 : 0;
  TrainingText source_sample(most), target_sample(most);
  TextHasher hasher;
  Progress progress("reading", "pairs", 0);
  texts.train.read([&](std::string_view source, std::string_view target) {
    hasher.add(source, target);
    if (tokenizer != nullptr) {
      source_sample.add(source);
      target_sample.add(target);
    }
    progress.update(static_cast<std::int64_t>(hasher.pairs()));
  });
  texts.train_identity = hasher.identity();
  texts.sample = {source_sample.take(), target_sample.take()};
  require_lines(texts.train_identity, texts.train.name(), "give parallel text, or make some: isthmus corpus --help");
  log_info("read {} in {:.1f} s", counted(static_cast<std::int64_t>(hasher.pairs()), "pair"), progress.seconds());
}

void read_valid(const ParallelInput& files, TrainingTexts& texts) {
  texts.valid = read_parallel(files);
  TextHasher hasher;
  for (std::size_t i = 0; i < texts.valid.size(); ++i) hasher.add(texts.valid.source[i], texts.valid.target[i]);
  texts.valid_identity = hasher.identity();
  require_lines(texts.valid_identity, texts.valid.source_name, "give held-out text");
}

}  // namespace

std::string TrainingTexts::identity() const {
  nlohmann::ordered_json json;
  json["train-pairs"] = train_identity.pairs;
  json["train-source"] = train_identity.source_hash;
  json["train-target"] = train_identity.target_hash;
  if (valid.size() > 0) {
    json["valid-source"] = valid_identity.source_hash;
    json["valid-target"] = valid_identity.target_hash;
  }
  return json.dump();
}

TrainingTexts read_training_texts(const TextFiles& files, const TokenizerOptions* tokenizer) {
  TrainingTexts texts{.train = StreamedText(files.train, files.scratch_folder),
                      .train_identity = {},
                      .sample = {},
                      .valid = {},
                      .valid_identity = {}};
  read_train(texts, tokenizer);
  if (!files.valid.source.empty()) read_valid(files.valid, texts);
  return texts;
}

CorpusRow corpus_row(const std::string& split, const std::string& name, const TextIdentity& text) {
  return {.name = std::filesystem::path(name).filename().string(),
          .split = split,
          .source_hash = text.source_hash,
          .target_hash = text.target_hash,
          .lines = static_cast<std::int64_t>(text.pairs)};
}

}  // namespace isthmus::cli
