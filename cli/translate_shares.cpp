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

std::vector<Portion> cut(Portion all, std::span<const std::size_t> shares) {
  std::vector<std::string>& lines = all.lines;
  double weights = 0.0;
  for (const std::string& line : lines) weights += weight(line);
  const double share_of_one =
      weights / static_cast<double>(std::accumulate(shares.begin(), shares.end(), std::size_t{0}));
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
    const std::ptrdiff_t begin = std::distance(lines.begin(), first);
    Portion& portion = portions.emplace_back();
    portion.origin = {all.origin.name, all.origin.first_line + begin};
    portion.lines.assign(std::make_move_iterator(first), std::make_move_iterator(next));
    if (all.prefixes.empty()) continue;
    const auto prefixes = std::make_move_iterator(all.prefixes.begin() + begin);
    portion.prefixes.assign(prefixes, prefixes + std::ssize(portion.lines));
  }
  return portions;
}

std::string to_message(const Portion& portion) {
  // A file's name may hold a newline, a line may not.
  std::string message = fmt::format("{} {} {} {}", portion.origin.first_line, portion.lines.size(),
                                    portion.origin.name.size(), portion.origin.name);
  for (const std::string& line : portion.lines) message.append(line).push_back('\n');
  for (const std::string& prefix : portion.prefixes) message.append(prefix).push_back('\n');
  return message;
}

Portion from_message(std::string_view message) {
  Portion portion;
  std::size_t lines = 0;
  std::size_t name_size = 0;
  const char* end = message.data() + message.size();
  const char* at = std::from_chars(message.data(), end, portion.origin.first_line).ptr + 1;
  at = std::from_chars(at, end, lines).ptr + 1;
  at = std::from_chars(at, end, name_size).ptr + 1;
  portion.origin.name.assign(at, name_size);
  std::string_view rest = message.substr(static_cast<std::size_t>(at - message.data()) + name_size);
  while (!rest.empty()) {
    const std::size_t newline = rest.find('\n');
    (portion.lines.size() < lines ? portion.lines : portion.prefixes).emplace_back(rest.substr(0, newline));
    rest.remove_prefix(newline + 1);
  }
  return portion;
}

}  // namespace isthmus::cli
