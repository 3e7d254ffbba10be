// A subcommand of the program. cli/commands.cpp lists them all; one file each, and nothing outside cli/ knows argv.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace isthmus::cli {

/// What follows the subcommand's name on the command line.
using Arguments = std::span<const std::string>;

struct Command {
  std::string_view name;
  std::string_view group;    ///< heading under which `isthmus --help` lists it
  std::string_view summary;  ///< one line
  /// Returns the exit code. Throws UsageError (exit 2), InputError (exit 1) or any std::exception (exit 1).
  int (*run)(Arguments arguments);
  /// Whether it works as several processes, which mpirun starts; the others refuse to.
  bool several = false;
};

/// All subcommands, in the order in which `isthmus --help` shows them.
std::span<const Command> commands();

/// The whole program: finds the subcommand, runs it, and turns errors into messages on stderr and exit codes (0
/// success, 1 failure, 2 wrong usage, 130 interrupted).
int run_program(int argc, char** argv);

}  // namespace isthmus::cli
