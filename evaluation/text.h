// What sacreBLEU, a Python program, means by white space, words and lower case. The metrics are built on these.
//
// All functions are pure and thread-safe, and take any bytes. `well_formed` comes first in every metric: ill-formed
// UTF-8 counts as U+FFFD (Python's errors="replace"), so that hostile bytes get a score and never a crash.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

/// The text with each maximal ill-formed part replaced by U+FFFD.
std::string well_formed(std::string_view text);

/// Number of bytes of the white space character at text[position], 0 if there is none. White space is what Python's
/// str.isspace() says: U+0009–000D, 001C–0020, 0085, 00A0, 1680, 2000–200A, 2028, 2029, 202F, 205F, 3000.
std::size_t space_at(std::string_view text, std::size_t position);

/// The text without white space at its end (str.rstrip) or at both ends (str.strip).
std::string_view strip_right(std::string_view text);
std::string_view strip(std::string_view text);

/// str.lower(): Unicode's full lower case mapping without a language, so final sigma is ς and İ becomes i + U+0307.
std::string lowercase(std::string_view text);

/// The parts between white space (str.split()). The views live as long as what `text` views.
std::vector<std::string_view> split_words(std::string_view text);

/// The words with one space between them.
std::string single_spaced(std::string_view text);

}  // namespace isthmus
