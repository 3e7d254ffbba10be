#include "cli/unit_list.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "analysis/context_edits.h"
#include "core/error.h"
#include "core/progress.h"

namespace isthmus::cli {
namespace {

UsageError not_units(std::string_view text) {
  return UsageError(fmt::format("--units '{}' is not units with commas between, such as 3,17-20", text));
}

/// A number at `at`, which moves behind it.
Index number_at(std::string_view text, const char*& at) {
  Index number = 0;
  const auto [next, error] = std::from_chars(at, text.data() + text.size(), number);
  if (error != std::errc() || next == at || number < 0) throw not_units(text);
  at = next;
  return number;
}

ContextPart part(std::string name, const ModelOptions& model, const auto& belongs) {
  ContextPart made{std::move(name), {}};
  for (Index unit = 0; unit < context_size(model); ++unit) {
    if (belongs(place_of_unit(model, unit))) made.units.push_back(unit);
  }
  return made;
}

}  // namespace

std::vector<Index> parse_units(std::string_view text, const ModelOptions& model) {
  const Index d = context_size(model);
  std::set<Index> units;
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  while (true) {
    const Index first = number_at(text, at);
    Index last = first;
    if (at < end && *at == '-') last = number_at(text, ++at);
    if (last < first) throw not_units(text);
    if (last >= d) {
      throw UsageError(fmt::format("--units: there is no unit {}; the context of this model has {} units, 0 to {}",
                                   last, with_commas(d), d - 1));
    }
    for (Index unit = first; unit <= last; ++unit) units.insert(unit);
    if (at == end) break;
    if (*at++ != ',') throw not_units(text);
  }
  return {units.begin(), units.end()};
}

std::vector<ContextPart> parts_of(const ModelOptions& model) {
  std::vector<ContextPart> parts;
  if (model.cell == CellType::kLstm) {
    parts.push_back(part("hidden", model, [](const UnitPlace& place) { return place.kind == "hidden"; }));
    parts.push_back(part("memory", model, [](const UnitPlace& place) { return place.kind == "memory"; }));
  }
  for (Index layer = 0; model.layers > 1 && layer < model.layers; ++layer) {
    parts.push_back(
        part(fmt::format("layer:{}", layer), model, [layer](const UnitPlace& place) { return place.layer == layer; }));
  }
  return parts;
}

ContextPart part_named(const std::string& name, const ModelOptions& model) {
  std::string names;
  for (ContextPart& one : parts_of(model)) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
    if (one.name == name) return std::move(one);
  }
  if (names.empty()) {
    throw UsageError(fmt::format("--part {}: the context of this model has one part; give --units", name));
  }
  throw UsageError(fmt::format("--part {}: the context of this model has no such part; its parts are {}", name, names));
}

}  // namespace isthmus::cli
