// The control of many studies: the same network before it has learned anything.
#pragma once

#include <cstdint>

#include "analysis/laboratory.h"

namespace isthmus {

/// First weights as training draws them (Layout's initialisers), of the laboratory's network and a seed. What a study
/// finds with them too comes from the shape of the network and the text, not from training.
inline Arena<float> untrained_values(const Laboratory& laboratory, std::int64_t seed) {
  constexpr std::uint64_t kUntrained = 0x756e747261696e65;
  Arena<float> values(laboratory.network().layout());
  initialise(Random(static_cast<std::uint64_t>(seed)).split(kUntrained), values);
  return values;
}

/// The whole of it as a model, for studies that look at the decoder too.
std::shared_ptr<const LoadedModel> untrained_model(const LoadedModel& trained, Random random);

}  // namespace isthmus
