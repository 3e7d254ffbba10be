// Models that runs read, in the ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/ledger.h"

namespace isthmus::cli {

/// A model file that was read.
struct ReadModel {
  std::string path;
  std::string provenance;  ///< ModelFile::provenance
};

/// Notes that `run` read the model, and gives its checkpoint: the one of the run that made these weights, if this
/// ledger knows it; else one that has what the file says of its training.
CheckpointId record_model(Ledger& ledger, RunId run, const ReadModel& model);

/// A number of a provenance, such as "updates": of an average, the largest of its parts. Nothing where it is not said.
std::optional<std::int64_t> provenance_number(std::string_view provenance, const char* name);

}  // namespace isthmus::cli
