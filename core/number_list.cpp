#include "core/number_list.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/error.h"

namespace isthmus {

std::vector<double> parse_numbers(std::string_view option, std::string_view text, std::string_view example,
                                  Range range) {
  std::vector<double> numbers;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); !text.empty() && at <= end;) {
    double number = 0.0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (next != end && *next != ',') || !std::isfinite(number)) {
      throw UsageError(fmt::format("--{} '{}' is not numbers with commas between, such as {}", option, text, example));
    }
    if (!range.contains(number)) throw UsageError(fmt::format("--{}: {} is not {}", option, number, range.text()));
    numbers.push_back(number);
    at = next + 1;
  }
  return numbers;
}

}  // namespace isthmus
