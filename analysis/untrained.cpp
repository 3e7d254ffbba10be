#include "analysis/untrained.h"

namespace isthmus {

std::shared_ptr<const LoadedModel> untrained_model(const LoadedModel& trained, Random random) {
  ModelFile file;
  file.model = std::make_unique<const Seq2Seq<float>>(trained.file.model->options());
  file.values = std::make_unique<Arena<float>>(file.model->layout());
  initialise(random, *file.values);
  file.source_tokenizer = trained.file.source_tokenizer;
  file.target_tokenizer = trained.file.target_tokenizer;
  file.provenance = "{}";
  DecodingWeights<float> weights = file.model->decoding_weights(*file.values);
  return std::make_shared<const LoadedModel>(
      LoadedModel{std::move(file), std::move(weights), trained.source, trained.target});
}

}  // namespace isthmus
