// UTF-8: whether bytes are, and what to do when they are not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

/// Position of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7), or nothing.
std::optional<std::size_t> invalid_utf8_at(std::string_view text);

/// Each maximal ill-formed part becomes U+FFFD.
std::string repair_utf8(std::string_view text);

/// Code points; ill-formed parts count as one U+FFFD each.
std::u32string to_code_points(std::string_view text);

/// Appends a code point (below U+110000, not a surrogate) as UTF-8.
void append_utf8(char32_t code_point, std::string& text);

/// The columns that the text takes in a terminal: East Asian wide characters take two, combining ones none.
std::size_t display_width(std::string_view text);

}  // namespace isthmus
