// How different two sentences are, in words.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace isthmus {

/// Sentences as numbers of their words, the parts between white space; equal words have equal numbers.
std::vector<std::vector<std::int32_t>> numbered_words(std::span<const std::string> lines);

/// Words inserted, deleted and replaced to make one the other (Levenshtein 1966).
std::int64_t edit_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

/// The same for each word of the longer one: 0 … 1. Two empty sentences are the same.
double normalised_edit_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

}  // namespace isthmus
