// Which lines each rank translates, and how they travel.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/translator.h"

namespace isthmus::cli {

/// Consecutive lines of the input.
struct Portion {
  LineOrigin origin;
  std::vector<std::string> lines;
  std::vector<std::string> prefixes;  ///< of their translations: as many, or none
};

/// One portion for each rank, in the order of the lines, some of them empty where lines are few. Long lines take
/// longer, so a rank gets its share of the bytes, not of the lines.
std::vector<Portion> cut(Portion all, std::span<const std::size_t> shares);

/// Never empty.
std::string to_message(const Portion& portion);
/// What to_message() made.
Portion from_message(std::string_view message);

}  // namespace isthmus::cli
