// Tables: made once, printed for the terminal, for Markdown, as CSV or as JSON.
#pragma once

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
};

/// Rows of as many cells as there are columns.
struct Table {
  std::string key = {};    ///< name in JSON
  std::string title = {};  ///< what people read above it
  std::vector<Column> columns = {};
  std::vector<std::vector<Cell>> rows = {};
  std::vector<std::string> notes = {};  ///< lines below it
};

/// The tables one after another. JSON is one object with a list of objects for each key; tables of the same key are
/// one list. CSV separates tables by an empty line. Cells of text may hold anything.
std::string render(std::span<const Table> tables, ReportFormat format);

}  // namespace isthmus
