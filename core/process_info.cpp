#include "core/process_info.h"

#include <sys/resource.h>
#include <unistd.h>

#include <climits>
#include <fstream>
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
