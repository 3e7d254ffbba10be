// Units of a context vector as they are written on the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/matrix.h"
#include "model/model_options.h"

namespace isthmus::cli {

/// "3,17-20" → units, ascending, each once. Throws UsageError for anything else, and for units that the model's context
/// does not have.
std::vector<Index> parse_units(std::string_view text, const ModelOptions& model);

/// A part of a context vector by its name: "hidden", "memory" (of an LSTM) or "layer:N", N from 0: a layer's hidden
/// states and memory cells.
struct ContextPart {
  std::string name;
  std::vector<Index> units;
};

/// The parts of this model's context that are not all of it.
std::vector<ContextPart> parts_of(const ModelOptions& model);
/// Throws UsageError, which lists the parts that there are.
ContextPart part_named(const std::string& name, const ModelOptions& model);

}  // namespace isthmus::cli
