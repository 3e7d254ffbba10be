// The last models of a run, each a file of its own beside the best one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace isthmus {

/// NAME.update-N.isthmus, from the model's name.
std::string snapshot_path(const std::string& model_path, std::int64_t update);

/// The updates whose snapshots are there, rising.
std::vector<std::int64_t> find_snapshots(const std::string& model_path);

/// Removes all but the last `keep` snapshots up to `update`: those of an earlier part of the run count, too; later ones
/// are another run's and stay.
void remove_old_snapshots(const std::string& model_path, std::int64_t update, std::int64_t keep);

}  // namespace isthmus
