// Options that are lists of numbers.
#pragma once

#include <string_view>
#include <vector>

#include "core/options.h"

namespace isthmus {

/// "0.7,0.3" → numbers; nothing gives an empty list. Throws UsageError, which names the option (without its dashes) and
/// gives `example`, for anything else, and for numbers out of range.
std::vector<double> parse_numbers(std::string_view option, std::string_view text, std::string_view example,
                                  Range range = {});

}  // namespace isthmus
