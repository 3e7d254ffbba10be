#include "report/fit.h"

#include <algorithm>

#include "core/utf8.h"

namespace isthmus {
namespace {

std::string utf8_of(std::u32string_view code_points) {
  std::string text;
  for (const char32_t code_point : code_points) append_utf8(code_point, text);
  return text;
}

/// The longest beginning that takes at most `width` columns.
std::string beginning(const std::u32string& text, std::size_t width) {
  std::size_t length = text.size();
  while (display_width(utf8_of(std::u32string_view(text).substr(0, length))) > width) --length;
  return utf8_of(std::u32string_view(text).substr(0, length));
}

std::string ending(const std::u32string& text, std::size_t width) {
  std::size_t from = 0;
  while (display_width(utf8_of(std::u32string_view(text).substr(from))) > width) ++from;
  return utf8_of(std::u32string_view(text).substr(from));
}

/// Gives what is left of `room` to the columns of one kind, the narrowest first.
void widen(std::span<const ColumnRoom> columns, bool bars, std::size_t& room,
           std::vector<std::optional<std::size_t>>& widths) {
  while (room > 0) {
    std::optional<std::size_t> narrowest;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!widths[i] || columns[i].is_bar != bars || *widths[i] >= columns[i].natural) continue;
      if (!narrowest || *widths[i] < *widths[*narrowest]) narrowest = i;
    }
    if (!narrowest) return;
    ++*widths[*narrowest];
    --room;
  }
}

}  // namespace

std::vector<std::optional<std::size_t>> fit_columns(std::span<const ColumnRoom> columns, std::size_t gap,
                                                    std::size_t width) {
  std::vector<std::optional<std::size_t>> widths;
  std::size_t used = 0;
  for (const ColumnRoom& column : columns) {
    widths.emplace_back(std::min(column.least, column.natural));
    used += gap + *widths.back();
  }
  while (used > width) {
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!widths[i] || columns[i].rank == 0) continue;
      if (!first || columns[i].rank > columns[*first].rank) first = i;
    }
    if (!first) return widths;
    used -= gap + *widths[*first];
    widths[*first].reset();
  }
  std::size_t room = width - used;
  widen(columns, false, room, widths);
  widen(columns, true, room, widths);
  return widths;
}

std::string shorten(std::string_view text, std::size_t width, bool is_path) {
  if (display_width(text) <= width) return std::string(text);
  if (!is_path) return beginning(to_code_points(text), width - 1) + "…";
  const std::string_view name = text.substr(text.rfind('/') + 1);  // npos + 1 is 0
  if (name.size() < text.size() && display_width(name) + 2 <= width) {
    const std::string_view folders = text.substr(0, text.size() - name.size() - 1);
    return beginning(to_code_points(folders), width - display_width(name) - 2) + "…/" + std::string(name);
  }
  if (display_width(name) <= width) return std::string(name);
  const std::u32string letters = to_code_points(name);
  return beginning(letters, width / 2) + "…" + ending(letters, width - width / 2 - 1);
}

std::string wrap(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(' ', at);
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (begin == std::string_view::npos) break;
    const std::string_view word = text.substr(at, end - at);
    const std::size_t own = display_width(word);
    if (column > 0 && column + own > width) {
      out += "\n  ";
      out += text.substr(begin, end - begin);
      column = 2 + display_width(text.substr(begin, end - begin));
    } else {
      out += word;
      column += own;
    }
    at = end;
  }
  return out;
}

}  // namespace isthmus
