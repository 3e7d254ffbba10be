// What this process is and uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace isthmus {

/// Bytes of memory that the process holds now, and the most that it ever held.
std::int64_t resident_memory();
std::int64_t peak_memory();

/// From now on peak_memory() counts anew, from what the process holds now. Without effect where the system refuses it.
void reset_peak_memory();

/// Bytes that the process can still take without driving others out: what the system says is available, or less where
/// a control group sets a limit. 0: not known.
std::int64_t available_memory();

/// No more heaps than this for all threads (by default there are eight for each processor, with holes in all of them),
/// of which each gives back what is free at its end beyond 8 MiB. Call it before there are threads.
void limit_heaps(std::size_t heaps);

/// Gives memory that is free in the heap back to the system, which the heap by itself does only at its end.
void trim_heap();

/// Name of the machine on its network.
std::string host_name();

/// Compiler, flags and processor as a JSON object: with version and seed it says how a result came about.
std::string build_json();

/// The processor's name, as the system tells it.
std::string processor_name();

}  // namespace isthmus
