// Models of a few units with random weights: as easily confused as models can be.
#pragma once

#include <string>
#include <vector>

namespace isthmus::fuzz {

/// The bytes of model files, which are different in cells, directions, tokenizers and size of weights.
const std::vector<std::string>& small_models();

}  // namespace isthmus::fuzz
