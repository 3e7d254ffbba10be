#include "cli/recorded_file.h"

#include <fstream>

#include "core/error.h"
#include "core/hash.h"

namespace isthmus::cli {

ArtifactRow recorded_file(RunId run, std::string kind, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError::in_file(path, "cannot be read", "check that it is still there and its permissions");
  Hasher hasher;
  std::int64_t bytes = 0;
  std::string piece(std::size_t{1} << 20, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    hasher.update(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
    bytes += file.gcount();
  }
  if (file.bad()) throw InputError::in_file(path, "cannot be read", "check that it is still there and its permissions");
  return {.run = run, .kind = std::move(kind), .path = path, .hash = hasher.hex(), .bytes = bytes};
}

}  // namespace isthmus::cli
