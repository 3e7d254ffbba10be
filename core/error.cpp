#include "core/error.h"

#include <fmt/format.h>

namespace isthmus {
namespace {

std::string join(std::string where, std::string_view what, std::string_view remedy) {
  std::string message = std::move(where) + ": " + std::string(what);
  if (!remedy.empty()) message += "; " + std::string(remedy);
  return message;
}

}  // namespace

InputError InputError::in_file(std::string_view file, std::string_view what, std::string_view remedy) {
  return InputError(join(std::string(file), what, remedy));
}

InputError InputError::at_line(std::string_view file, std::int64_t line, std::string_view what,
                               std::string_view remedy) {
  return InputError(join(fmt::format("{}:{}", file, line), what, remedy));
}

}  // namespace isthmus
