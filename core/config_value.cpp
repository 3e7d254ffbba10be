#include "core/config_value.h"

#include <cctype>

namespace isthmus {
namespace {

constexpr std::string_view kHash = "x23";

bool blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::string to_config_value(std::string_view value) {
  const bool plain = !value.empty() && !blank(value.front()) && !blank(value.back()) &&
                     value.find_first_of("\"#\n\r") == std::string_view::npos;
  if (plain) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    switch (c) {
      case '#':
        quoted.append("\\").append(kHash);
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '"':
      case '\\':
        quoted += '\\';
        [[fallthrough]];
      default:
        quoted += c;
    }
  }
  return quoted + '"';
}

std::optional<std::string> from_config_value(std::string_view text) {
  if (text.empty() || text.front() != '"') return std::string(text);
  std::string value;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    const std::string_view rest = text.substr(i + 1);
    if (rest.starts_with(kHash)) {
      value += '#';
      i += kHash.size();
    } else if (rest.starts_with('n') || rest.starts_with('r')) {
      value += rest.front() == 'n' ? '\n' : '\r';
      ++i;
    } else if (rest.starts_with('"') || rest.starts_with('\\')) {
      value += rest.front();
      ++i;
    } else {
      return std::nullopt;
    }
  }
  if (i + 1 != text.size()) return std::nullopt;  // open, or something after the quotes
  return value;
}

}  // namespace isthmus
