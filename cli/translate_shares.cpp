#include "cli/translate_shares.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <numeric>

namespace isthmus::cli {
namespace {

// An empty line is some work too.
double weight(const std::string& line) { return static_cast<double>(line.size()) + 10.0; }

}  // namespace

std::vector<Portion> cut(std::vector<std::string> lines, const LineOrigin& origin,
                         std::span<const std::size_t> shares) {
  double all = 0.0;
  for (const std::string& line : lines) all += weight(line);
  const double share_of_one = all / static_cast<double>(std::accumulate(shares.begin(), shares.end(), std::size_t{0}));
  std::vector<Portion> portions;
  auto next = lines.begin();
  double given = 0.0;
  double due = 0.0;
  for (std::size_t rank = 0; rank < shares.size(); ++rank) {
    const auto first = next;
    due += share_of_one * static_cast<double>(shares[rank]);
    // A line goes to the rank in whose share its middle lies.
    while (next != lines.end() && (rank + 1 == shares.size() || given + weight(*next) / 2 <= due)) {
      given += weight(*next++);
    }
    const std::int64_t line = origin.first_line + std::distance(lines.begin(), first);
    portions.push_back({{origin.name, line}, {std::make_move_iterator(first), std::make_move_iterator(next)}});
  }
  return portions;
}

std::string to_message(const Portion& portion) {
  // A file's name may hold a newline, a line may not.
  std::string message =
      fmt::format("{} {} {}", portion.origin.first_line, portion.origin.name.size(), portion.origin.name);
  for (const std::string& line : portion.lines) message.append(line).push_back('\n');
  return message;
}

Portion from_message(std::string_view message) {
  Portion portion;
  std::size_t name_size = 0;
  const char* end = message.data() + message.size();
  const char* at = std::from_chars(message.data(), end, portion.origin.first_line).ptr + 1;
  at = std::from_chars(at, end, name_size).ptr + 1;
  portion.origin.name.assign(at, name_size);
  std::string_view rest = message.substr(static_cast<std::size_t>(at - message.data()) + name_size);
  while (!rest.empty()) {
    const std::size_t newline = rest.find('\n');
    portion.lines.emplace_back(rest.substr(0, newline));
    rest.remove_prefix(newline + 1);
  }
  return portion;
}

}  // namespace isthmus::cli
