// Section files made by hand from the format's description in core/section_file.h, so that tests can lie in them: mark,
// kind, version, size and checksum are right, what is inside is the test's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hash.h"
#include "core/section_file.h"

namespace isthmus::testing {

template <class Number>
std::string number_bytes(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

inline std::string sized(std::string_view bytes) { return number_bytes(std::uint64_t{bytes.size()}).append(bytes); }

/// A whole file around the bytes of an archive.
inline std::string section_file(std::string kind, std::uint32_t version, std::string_view archive) {
  kind.resize(8, '\0');
  std::string file = "ISTHMUS\n" + kind + number_bytes(version);
  file.append(archive).append(number_bytes(std::uint64_t{archive.size()}));
  return file + number_bytes(hash64(file));
}

/// The archive of sections that are as they should be.
inline std::string archive_of(const std::vector<std::pair<std::string, std::string>>& sections) {
  std::string archive = number_bytes(std::uint64_t{sections.size()});
  for (const auto& [name, bytes] : sections) archive += sized(name) + sized(bytes);
  return archive;
}

/// The sections of a file, to be changed.
inline std::map<std::string, std::string> copied_sections(const std::string& path, std::string_view kind) {
  const Sections sections = read_sections(path, kind);
  return {sections.begin(), sections.end()};
}

}  // namespace isthmus::testing
