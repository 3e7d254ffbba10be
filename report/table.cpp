#include "report/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/progress.h"
#include "core/utf8.h"
#include "report/fit.h"

namespace isthmus {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::size_t kLeastBarWidth = 8;

/// A cell for people: one line without control characters, which could play with a terminal.
std::string for_people(const Cell& cell, const Column& column) {
  struct Writer {
    const Column& column;
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::int64_t number) const {
      return column.is_name ? fmt::format("{}", number) : with_commas(number);
    }
    std::string operator()(double number) const {
      std::string text = fmt::format("{:.{}f}", number, column.decimals);
      if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);  // no -0.0
      return text;
    }
    std::string operator()(const std::string& text) const {
      std::string line = repair_utf8(text);
      for (char& byte : line) {
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) byte = ' ';
      }
      return line;
    }
  };
  return std::visit(Writer{column}, cell);
}

bool is_shown(const Column& column, ReportFormat format) {
  if (column.is_bar) return format == ReportFormat::kText;
  const bool to_people = format == ReportFormat::kText || format == ReportFormat::kMarkdown;
  return column.audience != (to_people ? Audience::kMachines : Audience::kPeople);
}

/// The columns and rows that a format shows, for writers to run through.
Table shown_part(const Table& table, ReportFormat format) {
  Table part{.key = table.key, .title = table.title, .notes = table.notes};
  const bool to_people = format == ReportFormat::kText || format == ReportFormat::kMarkdown;
  const bool cut = to_people && table.most_rows > 0 && table.rows.size() > table.most_rows;
  part.rows.resize(cut ? table.most_rows : table.rows.size());
  if (cut) {
    const auto more = static_cast<std::int64_t>(table.rows.size() - table.most_rows);
    part.notes.push_back(counted(more, "row") + (more == 1 ? " follows" : " follow") + " in JSON and CSV.");
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!is_shown(table.columns[c], format)) continue;
    part.columns.push_back(table.columns[c]);
    for (std::size_t r = 0; r < part.rows.size(); ++r) part.rows[r].push_back(table.rows[r][c]);
  }
  return part;
}

bool is_number(const Cell& cell) { return cell.index() == 1 || cell.index() == 2; }

/// Numbers stand to the right, unless the column has a text.
bool is_right(const Table& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(),
                     [column](const auto& row) { return is_number(row[column]) || row[column].index() == 0; });
}

double largest(const Table& table, std::size_t column) {
  double most = 0;
  for (const auto& row : table.rows) {
    if (const double* value = std::get_if<double>(&row[column]); value && std::isfinite(*value)) {
      most = std::max(most, *value);
    }
  }
  return most;
}

std::string bar_of(const Cell& cell, double most, std::size_t width) {
  const double* value = std::get_if<double>(&cell);
  return value != nullptr && most > 0 && std::isfinite(*value) ? bar_text(*value / most, width) : "";
}

/// Widths of the columns in text, of the whole table or of what fits into `width`.
std::vector<std::optional<std::size_t>> widths_of(const Table& table, std::size_t width) {
  std::vector<ColumnRoom> rooms;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    const std::size_t title = display_width(column.title);
    std::size_t natural = std::max(title, column.is_bar && largest(table, c) > 0 ? kBarWidth : 0);
    if (!column.is_bar) {
      for (const auto& row : table.rows) natural = std::max(natural, display_width(for_people(row[c], column)));
    }
    const std::size_t least = column.is_bar ? kLeastBarWidth : column.least;
    rooms.push_back({natural, least > 0 ? std::max(title, least) : natural, column.rank, column.is_bar});
  }
  return fit_columns(rooms, 2, width == 0 ? std::numeric_limits<std::size_t>::max() : width);
}

/// Appends to `left_out` the titles of the columns for which there is no room.
std::string text(const Table& table, std::size_t width, std::vector<std::string>& left_out) {
  const auto widths = widths_of(table, width);
  std::vector<std::string> lines(table.rows.size() + 1);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (!widths[c]) {
      if (!column.is_bar && std::find(left_out.begin(), left_out.end(), column.title) == left_out.end()) {
        left_out.push_back(column.title);
      }
      continue;
    }
    const bool right = !column.is_bar && is_right(table, c);
    const auto append = [&](std::string& line, const std::string& cell) {
      const std::string padding(*widths[c] - std::min(*widths[c], display_width(cell)), ' ');
      line += "  " + (right ? padding + cell : cell + padding);
    };
    append(lines[0], column.title);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const Cell& cell = table.rows[r][c];
      append(lines[r + 1], column.is_bar ? bar_of(cell, largest(table, c), *widths[c])
                                         : shorten(for_people(cell, column), *widths[c], column.is_path));
    }
  }
  const auto folded = [width](const std::string& line) { return (width == 0 ? line : wrap(line, width)) + "\n"; };
  std::string out = folded(table.title);
  for (std::string& line : lines) {
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  if (table.rows.empty()) out += "  (none)\n";
  for (const std::string& note : table.notes) out += folded(note);
  return out;
}

std::string escape_markdown(const std::string& cell) {
  std::string escaped;
  for (const char byte : cell) {
    if (std::string_view("|\\*_`<>[]").find(byte) != std::string_view::npos) escaped += '\\';
    escaped += byte;
  }
  return escaped;
}

std::string markdown(const Table& table) {
  std::string out = "### " + escape_markdown(table.title) + "\n\n|";
  std::string rule = "|";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    out += fmt::format(" {} |", escape_markdown(table.columns[c].title));
    rule += is_right(table, c) ? " ---: |" : " --- |";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (std::size_t c = 0; c < row.size(); ++c) {
      out += fmt::format(" {} |", escape_markdown(for_people(row[c], table.columns[c])));
    }
    out += "\n";
  }
  for (const std::string& note : table.notes) out += "\n" + escape_markdown(note) + "\n";
  return out;
}

/// RFC 4180.
std::string csv_field(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char byte : value) quoted.append(byte == '"' ? 2 : 1, byte);
  return quoted + "\"";
}

std::string csv(const Table& table) {
  struct Writer {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& value) const { return csv_field(value); }
  };
  std::string out;
  const auto line = [&](const auto& field) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) out += (c > 0 ? "," : "") + field(c);
    out += "\n";
  };
  line([&](std::size_t c) { return table.columns[c].key; });
  for (const auto& row : table.rows) {
    line([&](std::size_t c) { return std::visit(Writer{}, row[c]); });
  }
  return out;
}

nlohmann::ordered_json json_value(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
  if (const auto* number = std::get_if<double>(&cell)) return *number;  // NaN and infinities print as null
  if (const auto* value = std::get_if<std::string>(&cell)) return repair_utf8(*value);
  return nullptr;
}

std::string json(std::span<const Table> tables) {
  nlohmann::ordered_json root = nlohmann::ordered_json::object();
  for (const Table& table : tables) {
    auto& list = root[table.key];
    if (list.is_null()) list = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) {
      nlohmann::ordered_json object = nlohmann::ordered_json::object();
      for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c].key] = json_value(row[c]);
      list.push_back(std::move(object));
    }
  }
  return root.dump(2) + "\n";
}

}  // namespace

std::string render(std::span<const Table> tables, ReportFormat format, std::size_t width) {
  std::vector<Table> parts;
  for (const Table& table : tables) parts.push_back(shown_part(table, format));
  if (format == ReportFormat::kJson) return json(parts);
  std::string out;
  std::vector<std::string> left_out;
  for (const Table& table : parts) {
    if (!out.empty()) out += "\n";
    switch (format) {
      case ReportFormat::kMarkdown:
        out += markdown(table);
        break;
      case ReportFormat::kCsv:
        out += csv(table);
        break;
      default:
        out += text(table, width, left_out);
    }
  }
  if (!left_out.empty()) {
    out += "\n" +
           wrap(fmt::format("Left out on a terminal of {} columns: {}. Other formats and pipes have all.", width,
                            fmt::join(left_out, ", ")),
                width) +
           "\n";
  }
  return out;
}

}  // namespace isthmus
