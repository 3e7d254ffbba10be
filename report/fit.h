// Making a table fit into a terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus {

/// What a column needs, in columns of the terminal.
struct ColumnRoom {
  std::size_t natural = 0;  ///< to show all it has
  std::size_t least = 0;    ///< below that it is of no use
  int rank = 0;             ///< the highest leaves first; 0 never leaves
  bool is_bar = false;      ///< takes what the others do not need
};

/// Widths that fit, with `gap` before each column, into `width`; nothing for a column that has to go. When those that
/// never leave are too wide even so, they have their least widths.
std::vector<std::optional<std::size_t>> fit_columns(std::span<const ColumnRoom> columns, std::size_t gap,
                                                    std::size_t width);

/// A text that takes at most `width` (at least 1) columns, with "…" for what was cut: the end; or the middle of a
/// path, its folders before its file.
std::string shorten(std::string_view text, std::size_t width, bool is_path);

/// Lines of at most `width` columns, broken at spaces, the later ones indented by two; a longer word stays whole.
std::string wrap(std::string_view text, std::size_t width);

}  // namespace isthmus
