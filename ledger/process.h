// Which process writes a run, so that a run that goes on can be told from one that was killed.
#pragma once

#include <string>
#include <string_view>

namespace isthmus::internal {

/// "BOOT/PID/START": the machine's boot, the process's number and when it began, in clock ticks since then.
std::string this_process();

/// Whether that process lives on this machine. False for anything that this_process() did not make.
bool is_running(std::string_view process);

}  // namespace isthmus::internal
