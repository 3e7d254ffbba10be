// Message catalogues made by the tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace isthmus::testing {

using MoStrings = std::vector<std::pair<std::string, std::string>>;  // msgid and msgstr, as in the file

inline std::string mo_number(std::uint32_t value, bool big_endian) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (big_endian ? 24 - 8 * i : 8 * i) & 0xff);
  return bytes;
}

inline std::string mo_file(const MoStrings& strings, bool big_endian = false) {
  const auto count = static_cast<std::uint32_t>(strings.size());
  std::string head, tables[2], data;
  for (std::uint32_t value : {0x950412deu, 0u, count, 28u, 28 + 8 * count, 0u, 0u})
    head += mo_number(value, big_endian);
  const std::uint32_t start = 28 + 16 * count;
  for (int table = 0; table < 2; ++table) {
    for (const auto& [id, translation] : strings) {
      const std::string& text = table == 0 ? id : translation;
      tables[table] += mo_number(static_cast<std::uint32_t>(text.size()), big_endian);
      tables[table] += mo_number(start + static_cast<std::uint32_t>(data.size()), big_endian);
      data += text + '\0';
    }
  }
  return head + tables[0] + tables[1] + data;
}

inline std::string mo_header(const std::string& charset) {
  return "Project-Id-Version: test\nContent-Type: text/plain; charset=" + charset + "\nMIME-Version: 1.0\n";
}

}  // namespace isthmus::testing
