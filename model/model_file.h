// One model is one file: weights, tokenizers, options and where they came from.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/seq2seq.h"

namespace isthmus {

/// A model with all that translation needs. The tokenizers are their trained bytes, opaque to model/.
struct ModelFile {
  std::unique_ptr<const Seq2Seq<float>> model;
  std::unique_ptr<Arena<float>> values;
  std::string source_tokenizer;
  std::string target_tokenizer;  ///< empty: the source's is joint
  std::string provenance;        ///< JSON: how the model was trained
};

/// What a model file is written from.
struct ModelContents {
  const ModelOptions& options;
  const Arena<float>& values;
  std::string_view source_tokenizer;
  std::string_view target_tokenizer;
  std::string_view provenance;
};

/// Writes the file whole or not at all. Throws InputError.
void save_model(const std::string& path, const ModelContents& contents);
inline void save_model(const std::string& path, const ModelFile& file) {
  save_model(path,
             {file.model->options(), *file.values, file.source_tokenizer, file.target_tokenizer, file.provenance});
}

/// Throws InputError for anything that is not a whole, consistent model file. Does not trust sizes in the file.
ModelFile load_model(const std::string& path);

/// The bytes of an arena's scalars, for a file's section.
std::string_view bytes_of(const Arena<float>& arena);

/// Fills an arena from such bytes. Throws InputError, which names `origin` and `section`, when the size is not right.
void load_arena(std::string_view bytes, const std::string& origin, std::string_view section, Arena<float>& arena);

/// The manifest of a layout as text, one "name rows columns" per line.
std::string manifest(const Layout& layout);

}  // namespace isthmus
