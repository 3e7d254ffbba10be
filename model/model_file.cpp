#include "model/model_file.h"

#include <fmt/format.h>

#include <cstring>

#include "core/error.h"
#include "core/section_file.h"

namespace isthmus {
namespace {

constexpr std::string_view kKind = "model";

/// More parameters than this fit no machine; checked before anything is allocated.
constexpr double kMostParameters = 1e11;

double rough_parameters(const ModelOptions& options) {
  const auto hidden = static_cast<double>(options.hidden);
  const auto embedding = static_cast<double>(options.embedding);
  const auto vocabulary = static_cast<double>(options.source_vocabulary + options.target_vocabulary);
  return vocabulary * (embedding + hidden) +
         static_cast<double>(options.layers) * 8.0 * hidden * (2.0 * hidden + embedding);
}

}  // namespace

std::string manifest(const Layout& layout) {
  std::string text;
  for (const TensorInfo& tensor : layout.tensors()) {
    text += fmt::format("{} {} {}\n", tensor.name, tensor.rows, tensor.columns);
  }
  return text;
}

std::string_view bytes_of(const Arena<float>& arena) {
  return {reinterpret_cast<const char*>(arena.flat().data()),
          static_cast<std::size_t>(arena.flat().size()) * sizeof(float)};
}

void load_arena(std::string_view bytes, const std::string& origin, std::string_view section, Arena<float>& arena) {
  if (bytes.size() != bytes_of(arena).size()) {
    throw InputError::in_file(
        origin,
        fmt::format("section '{}' has {} bytes, the model needs {}", section, bytes.size(), bytes_of(arena).size()),
        "the file is damaged; use a backup or an earlier checkpoint");
  }
  std::memcpy(arena.flat().data(), bytes.data(), bytes.size());
}

void save_model(const std::string& path, const ModelFile& file) {
  const std::string options = model_options_to_json(file.model->options());
  const std::string tensors = manifest(file.model->layout());
  write_sections(path, kKind,
                 {{"options", options},
                  {"provenance", file.provenance},
                  {"source tokenizer", file.source_tokenizer},
                  {"target tokenizer", file.target_tokenizer},
                  {"tensors", tensors},
                  {"values", bytes_of(*file.values)}});
}

ModelFile load_model(const std::string& path) {
  auto sections = read_sections(path, kKind);
  for (const char* name : {"options", "provenance", "source tokenizer", "target tokenizer", "tensors", "values"}) {
    if (!sections.contains(name)) {
      throw InputError::in_file(path, fmt::format("section '{}' is missing", name),
                                "the file is damaged; use a backup");
    }
  }
  const ModelOptions options = model_options_from_json(sections["options"], path);
  if (rough_parameters(options) > kMostParameters ||
      rough_parameters(options) > 8.0 * static_cast<double>(sections["values"].size())) {
    throw InputError::in_file(path, "its options ask for more parameters than the file holds", "the file is damaged");
  }
  ModelFile file;
  auto model = std::make_unique<Seq2Seq<float>>(options);
  if (manifest(model->layout()) != sections["tensors"]) {
    throw InputError::in_file(path, "its tensors are not those of a model with its options",
                              "use the release of Isthmus that wrote it");
  }
  file.values = std::make_unique<Arena<float>>(model->layout());
  load_arena(sections["values"], path, "values", *file.values);
  if (!file.values->flat().allFinite()) {
    throw InputError::in_file(path, "has weights that are not numbers", "use a backup or an earlier checkpoint");
  }
  file.model = std::move(model);
  file.source_tokenizer = std::move(sections["source tokenizer"]);
  file.target_tokenizer = std::move(sections["target tokenizer"]);
  file.provenance = std::move(sections["provenance"]);
  return file;
}

}  // namespace isthmus
