// What the bytes of a line are: the facts that checking, cleaning and counting a corpus rest on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace isthmus {

/// Facts of one line. Ill-formed bytes count as one character each part and as no kind of character.
struct LineTraits {
  std::optional<std::size_t> invalid_utf8_at;  ///< first byte that is not UTF-8, from 0
  std::size_t characters = 0;                  ///< code points
  std::size_t words = 0;                       ///< between white space
  bool has_letter = false;
  bool has_nul = false;
  bool starts_with_bom = false;     ///< U+FEFF
  bool has_line_separator = false;  ///< U+2028, U+2029, U+0085, VT or FF: line ends to some other programs
  bool has_control = false;         ///< other control characters, but for the tab
  bool has_replacement = false;     ///< U+FFFD: the scar of a conversion that went wrong
};

LineTraits line_traits(std::string_view line);

/// What is the same for lines that differ only in case, width, composition and white space (Unicode NFKC with case
/// folding): what counts as a repetition between training and test text.
std::uint64_t line_key(std::string_view line);

/// The line with each run of white space (and of line separators) as one space, none at the ends.
std::string collapse_white_space(std::string_view line);

}  // namespace isthmus
