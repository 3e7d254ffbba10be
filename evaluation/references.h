// The references of a corpus.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace isthmus {

/// The references of one sentence, at least one. Their number may vary from sentence to sentence; a reference that is
/// absent is simply not there, whereas an empty string is a reference that says nothing.
using References = std::vector<std::string>;

/// One reference for each sentence.
std::vector<References> single_references(std::span<const std::string> lines);

/// files[r][i] is reference r of sentence i. All files are of one length.
std::vector<References> transpose_references(std::span<const std::vector<std::string>> files);

/// The number of references as signatures have it: "1", "4", or "var" where it varies.
std::string reference_count(std::span<const References> references);

/// Throws InputError unless there are as many hypotheses as reference lists and each list has a reference.
void check_references(std::size_t hypotheses, std::span<const References> references);

}  // namespace isthmus
