// Tables: made once, printed for the terminal, for Markdown, as CSV or as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/options.h"

namespace isthmus {

enum class ReportFormat { kText, kMarkdown, kJson, kCsv };

template <>
struct EnumNames<ReportFormat> {
  static constexpr std::string_view names[] = {"text", "markdown", "json", "csv"};
};

/// Nothing, a whole number, a number or a text.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

template <class T>
Cell cell_of(const std::optional<T>& maybe) {
  return maybe ? Cell(*maybe) : Cell();
}

/// Who sees a column: people read text and Markdown, machines JSON and CSV.
enum class Audience { kAll, kPeople, kMachines };

struct Column {
  std::string key = {};    ///< name in JSON and CSV
  std::string title = {};  ///< what people read
  int decimals = 2;        ///< of numbers for people; machines get all digits
  Audience audience = Audience::kAll;
  bool is_bar = false;   ///< text alone: a number drawn as a bar, the largest of the column at full length
  bool is_name = false;  ///< a whole number without marks at its thousands, for people too: a run, a seed
  /// How a column gives way on a narrow terminal: the highest rank is left out first, 0 never; texts are cut down to
  /// `least` columns of the terminal (0: never cut), paths in their middle. A bar is drawn shorter before it is left
  /// out.
  int rank = 0;
  std::size_t least = 0;
  bool is_path = false;
};

/// Rows of as many cells as there are columns.
struct Table {
  std::string key = {};    ///< name in JSON
  std::string title = {};  ///< what people read above it
  std::vector<Column> columns = {};
  std::vector<std::vector<Cell>> rows = {};
  std::vector<std::string> notes = {};  ///< lines below it
  std::size_t most_rows = 0;            ///< text and Markdown have the first so many; 0: all
};

/// The tables one after another. JSON is one object with a list of objects for each key; tables of the same key are
/// one list. CSV separates tables by an empty line. Cells of text may hold anything. `width`: columns of the terminal
/// that text has to fit into; 0 is any number. What was left out for it is said at the end.
std::string render(std::span<const Table> tables, ReportFormat format, std::size_t width = 0);

}  // namespace isthmus
