// Files of named sections: models and checkpoints.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isthmus {

/// A section to be written. The bytes must live until write_sections() returns.
struct Section {
  std::string name;
  std::string_view bytes;
};

/// Writes a file that is whole or absent:
///
///   "ISTHMUS\n"  kind (8 bytes)  format version (u32)
///   a Boost binary archive: count, then for each section its name and bytes, each behind its size (u64)
///   size of the archive (u64)  XXH3 of all that comes before (u64)
///
/// `kind` ("model", "state") has at most 8 letters. Throws InputError when the file cannot be written.
void write_sections(const std::string& path, std::string_view kind, const std::vector<Section>& sections);

/// Whether a file begins with the mark of such files. False for what cannot be read, and for pipes, which it would eat.
bool is_section_file(const std::string& path);

/// The sections of a file that was read, by name. Copies show the same bytes.
class Sections {
 public:
  using Map = std::map<std::string, std::string_view, std::less<>>;

  Sections(std::shared_ptr<const std::string> file, Map sections)
      : file_(std::move(file)), sections_(std::move(sections)) {}

  bool contains(std::string_view name) const { return sections_.contains(name); }
  /// Must be there.
  std::string_view operator[](std::string_view name) const { return sections_.find(name)->second; }

  Map::const_iterator begin() const { return sections_.begin(); }
  Map::const_iterator end() const { return sections_.end(); }

 private:
  std::shared_ptr<const std::string> file_;
  Map sections_;  // into the file's bytes: a model's weights are not copied
};

/// Reads such a file after checking its mark, kind, version, size and checksum; sizes inside are checked against the
/// bytes that are left, so that no file, however hostile, makes it allocate more than its own length. Throws
/// InputError, which says what is wrong and what to do: `remedy`, for files that no user names, else what helps who
/// gave the name.
Sections read_sections(const std::string& path, std::string_view kind, std::string_view remedy = {});

}  // namespace isthmus
