#include "evaluation/references.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/progress.h"

namespace isthmus {

std::vector<References> single_references(std::span<const std::string> lines) {
  std::vector<References> references;
  references.reserve(lines.size());
  for (const std::string& line : lines) references.push_back({line});
  return references;
}

std::vector<References> transpose_references(std::span<const std::vector<std::string>> files) {
  std::vector<References> references(files.empty() ? 0 : files[0].size());
  for (const std::vector<std::string>& file : files) {
    for (std::size_t i = 0; i < references.size(); ++i) references[i].push_back(file.at(i));
  }
  return references;
}

std::string reference_count(std::span<const References> references) {
  if (references.empty()) return "0";
  for (const References& each : references) {
    if (each.size() != references[0].size()) return "var";
  }
  return std::to_string(references[0].size());
}

void check_references(std::size_t hypotheses, std::span<const References> references) {
  if (hypotheses != references.size()) {
    throw InputError(fmt::format("{} but {}; they must be line by line the same sentences",
                                 counted(static_cast<std::int64_t>(hypotheses), "hypothesis", "hypotheses"),
                                 counted(static_cast<std::int64_t>(references.size()), "reference")));
  }
  for (std::size_t i = 0; i < references.size(); ++i) {
    if (references[i].empty()) throw InputError(fmt::format("sentence {} has no reference", i + 1));
  }
}

}  // namespace isthmus
