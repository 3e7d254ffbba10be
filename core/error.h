// Errors that a user can mend. Errors of the programmer are asserts. Only main() catches.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace isthmus {

/// Something the user gave (a file, a line, a value) cannot be used. The message names it, says what is wrong and
/// what to do. The program ends with exit code 1.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}

  /// "FILE: WHAT; REMEDY". `remedy` may be empty.
  static InputError in_file(std::string_view file, std::string_view what, std::string_view remedy = {});
  /// "FILE:LINE: WHAT; REMEDY". Lines count from 1.
  static InputError at_line(std::string_view file, std::int64_t line, std::string_view what,
                            std::string_view remedy = {});
};

/// The command line itself is wrong. The program prints the message and ends with exit code 2.
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& message) : std::runtime_error(message) {}
};

/// The user interrupted (SIGINT or SIGTERM) work that leaves nothing to save. Exit code 130.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace isthmus
