#include "core/process_info.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace isthmus {

std::int64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  file >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

std::int64_t peak_memory() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << 5;  // proc(5)
}

namespace {

/// A number from a file of the system's; 0 where there is none.
std::int64_t number_in(const std::string& path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  return file >> number ? number : 0;
}

}  // namespace

std::int64_t available_memory() {
  std::int64_t available = 0;
  std::ifstream file("/proc/meminfo");
  for (std::string name; file >> name;) {
    if (name == "MemAvailable:" && file >> available) break;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  available *= 1024;
  const std::int64_t limit = number_in("/sys/fs/cgroup/memory.max");
  const std::int64_t used = number_in("/sys/fs/cgroup/memory.current");
  if (limit > used && used > 0) available = std::min(available, limit - used);
  return available;
}

void limit_heaps(std::size_t heaps) {
  ::mallopt(M_ARENA_MAX, static_cast<int>(heaps));
  // By default both grow with the largest block that was ever freed. oneDNN's copies of operands stay below.
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

void trim_heap() { ::malloc_trim(/*pad=*/0); }

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = "";
  ::gethostname(name, sizeof(name) - 1);
  return name;
}

std::string build_json() {
  nlohmann::ordered_json build;
  build["compiler"] = ISTHMUS_COMPILER;
  build["flags"] = ISTHMUS_FLAGS;
  build["processor"] = processor_name();
  return build.dump();
}

}  // namespace isthmus
