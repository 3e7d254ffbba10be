// The part of `isthmus doctor` that is about several machines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "distributed/communicator.h"

namespace isthmus::cli {

/// Who takes part, and how fast the ranks add up their numbers: names and values, on rank 0. All ranks call it; alone,
/// it says whether there could be others.
std::vector<std::pair<std::string, std::string>> examine_world(Communicator& world);

}  // namespace isthmus::cli
