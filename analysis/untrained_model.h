// What training is measured against: the same model with the weights that a training begins with.
#pragma once

#include <memory>

#include "core/random.h"
#include "decode/load_translation_model.h"

namespace isthmus {

std::shared_ptr<const LoadedModel> untrained_model(const LoadedModel& trained, Random random);

}  // namespace isthmus
