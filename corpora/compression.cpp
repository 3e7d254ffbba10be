#include "corpora/compression.h"

#include <array>

namespace isthmus {
namespace {

using namespace std::literals;

struct Format {
  Compression compression;
  std::string_view name, extension;
  std::string_view magic;  // '?' is the digit of bzip2's block size
};

// bzip2's own magic number, "BZh9", could begin a line of text; with that of its first block (or of its end, when it
// is empty) it cannot.
constexpr std::array kFormats = {
    Format{Compression::kGzip, "gzip", ".gz", "\x1f\x8b\x08"sv},
    Format{Compression::kXz, "xz", ".xz", "\xfd\x37zXZ\0"sv},
    Format{Compression::kZstd, "zstd", ".zst", "\x28\xb5\x2f\xfd"sv},
    Format{Compression::kBzip2, "bzip2", ".bz2", "BZh?\x31\x41\x59\x26\x53\x59"sv},
    Format{Compression::kBzip2, "bzip2", ".bz2", "BZh?\x17\x72\x45\x38\x50\x90"sv},
};

bool agree(std::string_view bytes, std::string_view magic) {
  for (std::size_t i = 0; i < bytes.size() && i < magic.size(); ++i) {
    const bool same = magic[i] == '?' ? bytes[i] >= '1' && bytes[i] <= '9' : bytes[i] == magic[i];
    if (!same) return false;
  }
  return true;
}

}  // namespace

std::string_view name_of(Compression compression) {
  for (const Format& format : kFormats) {
    if (format.compression == compression) return format.name;
  }
  return "none";
}

Compression compression_by_name(std::string_view path) {
  for (const Format& format : kFormats) {
    if (path.ends_with(format.extension)) return format.compression;
  }
  return Compression::kNone;
}

Compression compression_by_magic(std::string_view bytes) {
  for (const Format& format : kFormats) {
    if (bytes.size() >= format.magic.size() && agree(bytes, format.magic)) return format.compression;
  }
  return Compression::kNone;
}

bool may_become_compressed(std::string_view bytes) {
  for (const Format& format : kFormats) {
    if (bytes.size() < format.magic.size() && agree(bytes, format.magic)) return true;
  }
  return false;
}

}  // namespace isthmus
