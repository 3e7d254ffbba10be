// Small models on the bench, with weights that a test chooses, for the tests of studies.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analysis/laboratory.h"
#include "model/model_file.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/model/tiny.h"

namespace isthmus::test {

/// Lines of the words w0 … w<words − 1>, with 1 … `longest` of them.
inline std::vector<std::string> random_lines(std::size_t count, std::size_t longest, std::size_t words, Random random) {
  std::vector<std::string> lines(count);
  for (std::string& line : lines) {
    const std::size_t length = 1 + random.below(longest);
    for (std::size_t i = 0; i < length; ++i) line += fmt::format("{}w{}", i == 0 ? "" : " ", random.below(words));
  }
  return lines;
}

/// A model over whole words (w0, w1, …, the same on both sides): one piece a word. Weights are random; `plant` may
/// change them.
inline std::shared_ptr<const LoadedModel> made_model(ModelOptions options, std::size_t words,
                                                     const std::function<void(Arena<float>&)>& plant = {},
                                                     std::uint64_t seed = 7, double scale = 0.5) {
  TokenizerOptions pieces;
  pieces.type = TokenizerType::kWord;
  pieces.vocabulary_size = static_cast<std::int64_t>(words) + kSpecialTokens;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < words; ++i) lines.push_back(fmt::format("w{}", i));
  const Tokenizer tokenizer = Tokenizer::train(pieces, lines);
  options.source_vocabulary = options.target_vocabulary = static_cast<std::int64_t>(tokenizer.size());
  options.dropout = 0;
  ModelFile file;
  auto model = std::make_unique<Seq2Seq<float>>(options);
  file.values = std::make_unique<Arena<float>>(random_values<float>(model->layout(), Random(seed), scale));
  if (plant) plant(*file.values);
  file.model = std::move(model);
  file.source_tokenizer = tokenizer.bytes();
  file.provenance = "{}";
  const testing::TemporaryFolder folder;
  save_model(folder.path("model.isthmus"), file);
  return load_translation_model(folder.path("model.isthmus"));
}

/// The tensor of that name, e.g. "encoder.0.forward.recurrent_weights"; manifest(layout) has all names.
inline Arena<float>::Map tensor_named(Arena<float>& values, const std::string& name) {
  const auto& tensors = values.layout().tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].name == name) return values[TensorId{static_cast<int>(i)}];
  }
  throw std::logic_error("no tensor " + name + " among\n" + manifest(values.layout()));
}

}  // namespace isthmus::test
