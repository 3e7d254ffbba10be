#include "training/average.h"

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace isthmus {

ModelFile average_models(std::span<const std::string> paths) {
  ModelFile mean = load_model(paths[0]);
  // Summed in double: the mean of equal weights is those weights.
  Vector<double> sum = mean.values->flat().cast<double>();
  auto parts = nlohmann::ordered_json::array({nlohmann::ordered_json::parse(mean.provenance, nullptr, false)});
  for (const std::string& path : paths.subspan(1)) {
    const ModelFile other = load_model(path);
    if (manifest(other.model->layout()) != manifest(mean.model->layout())) {
      throw InputError::in_file(path, "has another shape than " + paths[0], "average snapshots of one run");
    }
    if (other.source_tokenizer != mean.source_tokenizer || other.target_tokenizer != mean.target_tokenizer) {
      throw InputError::in_file(path, "has another tokenizer than " + paths[0], "average snapshots of one run");
    }
    sum += other.values->flat().cast<double>();
    parts.push_back(nlohmann::ordered_json::parse(other.provenance, nullptr, false));
  }
  mean.values->flat() = (sum / static_cast<double>(paths.size())).cast<float>();
  mean.provenance = nlohmann::ordered_json{{"average-of", parts}}.dump();
  return mean;
}

}  // namespace isthmus
