// The compressed formats that text may come in, told by the file's name or by its first bytes.
#pragma once

#include <string_view>

namespace isthmus {

enum class Compression { kNone, kGzip, kXz, kZstd, kBzip2 };

/// "gzip", "xz", …; "none".
std::string_view name_of(Compression compression);

/// By `.gz .xz .zst .bz2` at the end of the path.
Compression compression_by_name(std::string_view path);

/// By the magic number that the bytes begin with.
Compression compression_by_magic(std::string_view bytes);

/// Whether more bytes are needed to tell: `bytes` is a proper prefix of some magic number. An empty string is.
bool may_become_compressed(std::string_view bytes);

}  // namespace isthmus
