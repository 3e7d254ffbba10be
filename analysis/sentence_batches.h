// Sentences of similar length side by side, for passes over a model.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/types.h"

namespace isthmus {

/// Numbers of the sentences, longest first, cut into batches of so many.
std::vector<std::vector<std::size_t>> sentence_batches(std::span<const Sentence> sentences, std::size_t batch);

/// The sentences of those numbers.
std::vector<Sentence> sentences_at(std::span<const Sentence> sentences, std::span<const std::size_t> numbers);

}  // namespace isthmus
