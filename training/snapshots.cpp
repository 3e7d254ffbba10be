#include "training/snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace isthmus {

std::string snapshot_path(const std::string& model_path, std::int64_t update) {
  const std::filesystem::path path(model_path);
  std::filesystem::path name = path.stem();
  name += fmt::format(".update-{}", update);
  name += path.extension();
  return (path.parent_path() / name).string();
}

std::vector<std::int64_t> find_snapshots(const std::string& model_path) {
  std::filesystem::path folder = std::filesystem::path(model_path).parent_path();
  if (folder.empty()) folder = ".";
  const std::string before = std::filesystem::path(model_path).stem().string() + ".update-";
  const std::string after = std::filesystem::path(model_path).extension().string();
  std::vector<std::int64_t> updates;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after)) continue;
    const std::string number = name.substr(before.size(), name.size() - before.size() - after.size());
    if (number.find_first_not_of("0123456789") != std::string::npos || number.size() > 18) continue;
    updates.push_back(std::stoll(number));
  }
  std::sort(updates.begin(), updates.end());
  return updates;
}

void remove_old_snapshots(const std::string& model_path, std::int64_t update, std::int64_t keep) {
  std::vector<std::int64_t> updates = find_snapshots(model_path);
  std::erase_if(updates, [update](std::int64_t found) { return found > update; });
  while (static_cast<std::int64_t>(updates.size()) > keep) {
    std::error_code ignored;
    std::filesystem::remove(snapshot_path(model_path, updates.front()), ignored);
    updates.erase(updates.begin());
  }
}

}  // namespace isthmus
