// From a model file to translation.
#pragma once

#include <memory>
#include <string>

#include "decode/seq2seq_step_model.h"
#include "decode/translation_model.h"
#include "model/model_file.h"

namespace isthmus {

/// A model file in memory, ready to decode. Shared by all that translate with it; immutable, any thread may use it.
struct LoadedModel {
  ModelFile file;
  DecodingWeights<float> weights;
  Tokenizer source;
  Tokenizer target;
};

/// Throws InputError for anything but a whole model file whose tokenizers fit its vocabularies.
std::shared_ptr<const LoadedModel> load_translation_model(const std::string& path);

/// The model as the translator sees it. Keeps the model alive.
TranslationModel translation_model(std::shared_ptr<const LoadedModel> model);

}  // namespace isthmus
