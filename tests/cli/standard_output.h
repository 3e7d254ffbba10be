// What a command prints on standard output, for tests that call it in this process.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <string>

#include "core/file.h"
#include "tests/catch.h"

namespace isthmus::test {

/// Runs a command, which must succeed, with standard output in the file `path`, and gives what it printed. Exceptions
/// pass; standard output is what it was in any case.
inline std::string standard_output_of(const std::function<int()>& command, const std::string& path) {
  std::fflush(stdout);
  const int saved = ::dup(STDOUT_FILENO);
  REQUIRE(std::freopen(path.c_str(), "wb", stdout) != nullptr);
  int code = -1;
  std::exception_ptr thrown;
  try {
    code = command();
  } catch (...) {
    thrown = std::current_exception();
  }
  std::fflush(stdout);
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  if (thrown) std::rethrow_exception(thrown);
  CHECK(code == 0);
  return read_file(path);
}

}  // namespace isthmus::test
