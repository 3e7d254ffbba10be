#include "decode/load_translation_model.h"

#include <fmt/format.h>

#include "core/error.h"

namespace isthmus {
namespace {

Tokenizer tokenizer_of(const std::string& bytes, const std::string& path, std::string_view side, std::int64_t pieces) {
  Tokenizer tokenizer = Tokenizer::from_bytes(bytes, path);
  if (static_cast<std::int64_t>(tokenizer.size()) != pieces) {
    throw InputError::in_file(
        path, fmt::format("its {} tokenizer has {} pieces, its model {}", side, tokenizer.size(), pieces),
        "the file is damaged; use a backup");
  }
  return tokenizer;
}

/// A step model that keeps its weights alive.
class OwningStepModel : public Seq2SeqStepModel {
 public:
  explicit OwningStepModel(std::shared_ptr<const LoadedModel> model)
      : Seq2SeqStepModel(*model->file.model, model->weights), model_(std::move(model)) {}

 private:
  std::shared_ptr<const LoadedModel> model_;
};

}  // namespace

std::shared_ptr<const LoadedModel> load_translation_model(const std::string& path) {
  ModelFile file = load_model(path);
  const ModelOptions& options = file.model->options();
  Tokenizer source = tokenizer_of(file.source_tokenizer, path, "source", options.source_vocabulary);
  Tokenizer target = tokenizer_of(file.target_tokenizer.empty() ? file.source_tokenizer : file.target_tokenizer, path,
                                  "target", options.target_vocabulary);
  DecodingWeights<float> weights = file.model->decoding_weights(*file.values);
  return std::make_shared<const LoadedModel>(
      LoadedModel{std::move(file), std::move(weights), std::move(source), std::move(target)});
}

TranslationModel translation_model(std::shared_ptr<const LoadedModel> model) {
  const bool attends = model->file.model->options().attention != AttentionType::kNone;
  return {model->source, model->target, [model] { return std::make_unique<OwningStepModel>(model); }, attends};
}

}  // namespace isthmus
