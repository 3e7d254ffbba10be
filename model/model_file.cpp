#include "model/model_file.h"

#include <fmt/format.h>

#include <cstring>

#include "core/error.h"
#include "core/section_file.h"

namespace isthmus {
namespace {

constexpr std::string_view kKind = "model";

void require_size(std::string_view bytes, const std::string& origin, std::string_view section, const Layout& layout) {
  const std::size_t needed = static_cast<std::size_t>(layout.size()) * sizeof(float);
  if (bytes.size() == needed) return;
  throw InputError::in_file(origin,
                            fmt::format("section '{}' has {} bytes, the model needs {}", section, bytes.size(), needed),
                            "the file is damaged; use a backup or an earlier checkpoint");
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
  require_size(bytes, origin, section, arena.layout());
  std::memcpy(arena.flat().data(), bytes.data(), bytes.size());
}

void save_model(const std::string& path, const ModelContents& contents) {
  const std::string options = model_options_to_json(contents.options);
  const std::string tensors = manifest(contents.values.layout());
  write_sections(path, kKind,
                 {{"options", options},
                  {"provenance", contents.provenance},
                  {"source tokenizer", contents.source_tokenizer},
                  {"target tokenizer", contents.target_tokenizer},
                  {"tensors", tensors},
                  {"values", bytes_of(contents.values)}});
}

ModelFile load_model(const std::string& path) {
  const Sections sections = read_sections(path, kKind);
  for (const char* name : {"options", "provenance", "source tokenizer", "target tokenizer", "tensors", "values"}) {
    if (!sections.contains(name)) {
      throw InputError::in_file(path, fmt::format("section '{}' is missing", name),
                                "the file is damaged; use a backup");
    }
  }
  const ModelOptions options = model_options_from_json(sections["options"], path);
  ModelFile file;
  auto model = std::make_unique<Seq2Seq<float>>(options);  // a layout; the options' sizes are not yet believed
  if (manifest(model->layout()) != sections["tensors"]) {
    throw InputError::in_file(path, "its tensors are not those of a model with its options",
                              "use the release of Isthmus that wrote it");
  }
  require_size(sections["values"], path, "values", model->layout());
  file.values = std::make_unique<Arena<float>>(model->layout());
  load_arena(sections["values"], path, "values", *file.values);
  if (!file.values->flat().allFinite()) {
    throw InputError::in_file(path, "has weights that are not numbers", "use a backup or an earlier checkpoint");
  }
  file.model = std::move(model);
  file.source_tokenizer = sections["source tokenizer"];
  file.target_tokenizer = sections["target tokenizer"];
  file.provenance = sections["provenance"];
  return file;
}

}  // namespace isthmus
