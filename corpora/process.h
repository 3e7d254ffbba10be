// Other programs, run without a shell.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

struct ProcessResult {
  int exit_code = 0;   ///< 128 + the signal's number when a signal ended it
  std::string output;  ///< its stdout, unless it was handed on
  std::string errors;  ///< its stderr
};

/// Runs a program, found in PATH unless its name has a slash, and waits for it. Its arguments are passed as they are:
/// no shell sees them. Its stdin is empty and its messages are in English. `on_output` gets stdout as it comes; without
/// it, ProcessResult::output holds all. Throws InputError when the program cannot be started, Interrupted (after ending
/// the program) when the user interrupts.
ProcessResult run_process(const std::vector<std::string>& command,
                          const std::function<void(std::string_view)>& on_output = {});

}  // namespace isthmus
