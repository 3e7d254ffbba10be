// One model from several: the mean of their weights.
#pragma once

#include <span>
#include <string>

#include "model/model_file.h"

namespace isthmus {

/// The mean of the weights of models with the same shape and tokenizers, as a run's snapshots have them (checkpoint
/// averaging). Throws InputError that names the first file which differs.
ModelFile average_models(std::span<const std::string> paths);

}  // namespace isthmus
