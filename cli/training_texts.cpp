#include "cli/training_texts.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/hash.h"

namespace isthmus::cli {
namespace {

std::string hash_of(const std::vector<std::string>& lines) {
  Hasher hasher;
  for (const std::string& line : lines) {
    hasher.update(line);
    hasher.update("\n");
  }
  return hasher.hex();
}

HashedText read(const ParallelInput& files, const std::string& remedy) {
  HashedText hashed{read_parallel(files), {}, {}};
  if (hashed.text.size() == 0) throw InputError::in_file(files.source, "has no lines", remedy);
  hashed.source_hash = hash_of(hashed.text.source);
  hashed.target_hash = hash_of(hashed.text.target);
  return hashed;
}

}  // namespace

std::string TrainingTexts::identity() const {
  nlohmann::ordered_json json;
  json["train-pairs"] = train.text.size();
  json["train-source"] = train.source_hash;
  json["train-target"] = train.target_hash;
  if (valid.text.size() > 0) {
    json["valid-source"] = valid.source_hash;
    json["valid-target"] = valid.target_hash;
  }
  return json.dump();
}

TrainingTexts read_training_texts(const ParallelInput& train, const ParallelInput& valid) {
  TrainingTexts texts;
  texts.train = read(train, "give parallel text, or make some: isthmus corpus --help");
  if (!valid.source.empty()) texts.valid = read(valid, "give held-out text");
  return texts;
}

CorpusRow corpus_row(const std::string& split, const HashedText& text) {
  return {.name = std::filesystem::path(text.text.source_name).filename().string(),
          .split = split,
          .source_hash = text.source_hash,
          .target_hash = text.target_hash,
          .lines = static_cast<std::int64_t>(text.text.size())};
}

}  // namespace isthmus::cli
