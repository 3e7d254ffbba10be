// What this process is and uses.
#pragma once

#include <cstdint>
#include <string>

namespace isthmus {

/// Bytes of memory that the process holds now, and the most that it ever held.
std::int64_t resident_memory();
std::int64_t peak_memory();

/// Name of the machine on its network.
std::string host_name();

/// Compiler, flags and processor as a JSON object: with version and seed it says how a result came about.
std::string build_json();

/// The processor's name, as the system tells it.
std::string processor_name();

}  // namespace isthmus
