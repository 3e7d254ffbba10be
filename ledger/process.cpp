#include "ledger/process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace isthmus::internal {
namespace {

std::string boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

/// Field 22 of /proc/PID/stat. The second field is a name in brackets that may hold anything, so count from its end.
std::string start_time(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t bracket = line.rfind(')');
  if (bracket == std::string::npos) return "";
  std::istringstream fields(line.substr(bracket + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  return field;
}

}  // namespace

std::string this_process() {
  const std::string pid = fmt::format("{}", getpid());
  return fmt::format("{}/{}/{}", boot(), pid, start_time(pid));
}

bool is_running(std::string_view process) {
  const std::size_t first = process.find('/');
  const std::size_t second = process.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  const std::string pid(process.substr(first + 1, second - first - 1));
  const std::string_view start = process.substr(second + 1);
  return !pid.empty() && pid.find_first_not_of("0123456789") == std::string::npos && !start.empty() &&
         process.substr(0, first) == boot() && start == start_time(pid);
}

}  // namespace isthmus::internal
