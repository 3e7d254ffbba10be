#include "report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/progress.h"
#include "core/utf8.h"

namespace isthmus {
namespace {

constexpr std::size_t kBarWidth = 30;

/// A cell for people: one line without control characters, which could play with a terminal.
std::string for_people(const Cell& cell, const Column& column) {
  struct Writer {
    const Column& column;
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::int64_t number) const {
      return column.is_name ? fmt::format("{}", number) : with_commas(number);
    }
    std::string operator()(double number) const { return fmt::format("{:.{}f}", number, column.decimals); }
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

/// The columns that a format shows, for writers to run through.
Table shown_part(const Table& table, ReportFormat format) {
  Table part{.key = table.key, .title = table.title, .notes = table.notes};
  part.rows.resize(table.rows.size());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!is_shown(table.columns[c], format)) continue;
    part.columns.push_back(table.columns[c]);
    for (std::size_t r = 0; r < table.rows.size(); ++r) part.rows[r].push_back(table.rows[r][c]);
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

std::string bar_of(const Cell& cell, double most) {
  const double* value = std::get_if<double>(&cell);
  return value != nullptr && most > 0 && std::isfinite(*value) ? bar_text(*value / most, kBarWidth) : "";
}

std::string text(const Table& table) {
  std::vector<std::vector<std::string>> lines(table.rows.size() + 1);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    lines[0].push_back(column.title);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const Cell& cell = table.rows[r][c];
      lines[r + 1].push_back(column.is_bar ? bar_of(cell, largest(table, c)) : for_people(cell, column));
    }
    std::size_t width = 0;
    for (const auto& line : lines) width = std::max(width, display_width(line[c]));
    widths.push_back(width);
  }
  std::string out = table.title + "\n";
  for (const auto& cells : lines) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string padding(widths[c] - display_width(cells[c]), ' ');
      const bool right = !table.columns[c].is_bar && is_right(table, c);
      line += "  " + (right ? padding + cells[c] : cells[c] + padding);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  if (table.rows.empty()) out += "  (none)\n";
  for (const std::string& note : table.notes) out += note + "\n";
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

std::string render(std::span<const Table> tables, ReportFormat format) {
  std::vector<Table> parts;
  for (const Table& table : tables) parts.push_back(shown_part(table, format));
  if (format == ReportFormat::kJson) return json(parts);
  std::string out;
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
        out += text(table);
    }
  }
  return out;
}

}  // namespace isthmus
