// Files in the ledger.
#pragma once

#include <string>

#include "ledger/rows.h"

namespace isthmus::cli {

/// The row of a file as it is now, with its hash and size. Reads it piece by piece: states are large. Throws InputError
/// when it cannot be read.
ArtifactRow recorded_file(RunId run, std::string kind, const std::string& path);

}  // namespace isthmus::cli
