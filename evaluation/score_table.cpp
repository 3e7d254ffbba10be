#include "evaluation/score_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/utf8.h"
#include "evaluation/text.h"

namespace isthmus {
namespace {

using Cells = std::vector<std::string>;

/// Sentences are not wrapped to less than this.
constexpr std::size_t kLeastWrap = 20;
constexpr std::string_view kGap = "  ";

/// Replaces each character that `special` contains by what `escaped` makes of it.
template <class Function>
std::string escape(std::string_view text, std::string_view special, Function escaped) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      result.push_back(c);
    } else {
      result += escaped(c);
    }
  }
  return result;
}

std::string latex_escaped(std::string_view text) {
  return escape(text, "\\{}$&#%_^~|", [](char c) -> std::string {
    switch (c) {
      case '\\':
        return "\\textbackslash{}";
      case '^':
        return "\\textasciicircum{}";
      case '~':
        return "\\textasciitilde{}";
      case '|':
        return "\\textbar{}";
      default:
        return {'\\', c};
    }
  });
}

std::string markdown_escaped(std::string_view text) {
  return escape(text, "\\|`*_<", [](char c) { return std::string{'\\', c}; });
}

/// One line without control characters.
std::string printable(std::string_view text) {
  std::string line = repair_utf8(text);
  for (char& byte : line) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) byte = ' ';
  }
  return line;
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t own = display_width(text);
  const std::string space(width > own ? width - own : 0, ' ');
  return right ? space + text : text + space;
}

/// The words in lines of at most `width` columns, if none of them is longer. Nothing makes one empty line.
Cells wrapped(const std::string& text, std::size_t width) {
  Cells lines(1);
  std::size_t used = 0;
  for (const std::string_view word : split_words(text)) {
    const std::size_t own = display_width(word);
    if (used > 0 && used + 1 + own > width) {
      lines.emplace_back();
      used = 0;
    }
    lines.back() += (used == 0 ? "" : " ") + std::string(word);
    used += (used == 0 ? 0 : 1) + own;
  }
  return lines;
}

void strip_spaces(std::string& line) { line.resize(line.find_last_not_of(' ') + 1); }

std::string text_table(const ScoreTable& table, std::size_t width) {
  std::vector<std::size_t> widths(table.columns.size(), 0);
  for (const Cells& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::size_t wrap = 0;  // columns for the last cell; 0: as it is
  if (table.columns.back() == 'p' && width > 0) {
    std::size_t before = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) before += widths[i] + kGap.size();
    wrap = std::max(kLeastWrap, width > before ? width - before : 0);
  }
  std::string text;
  for (const Cells& row : table.rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      line += padded(row[i], widths[i], table.columns[i] == 'r');
      line += kGap;
    }
    const std::size_t indent = display_width(line);
    const bool right = table.columns.back() == 'r';
    const Cells last =
        wrap > 0 ? wrapped(row.back(), wrap) : Cells{right ? padded(row.back(), widths.back(), true) : row.back()};
    for (std::size_t i = 0; i < last.size(); ++i) {
      if (i > 0) line.assign(indent, ' ');
      line += last[i];
      if (!right) strip_spaces(line);
      text += line + "\n";
    }
  }
  return text;
}

std::string markdown_table(const ScoreTable& table) {
  std::string text;
  for (const Cells& row : table.rows) {
    Cells cells = row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (table.columns[i] != 'r') cells[i] = markdown_escaped(cells[i]);
    }
    const bool header = text.empty();
    text += fmt::format("| {} |\n", fmt::join(cells, " | "));
    if (!header) continue;
    for (const char column : table.columns) text += column == 'r' ? "| ---: " : "| --- ";
    text += "|\n";
  }
  return text;
}

std::string latex_table(const ScoreTable& table) {
  std::string columns;
  for (const char column : table.columns) columns += column == 'p' ? "p{.6\\linewidth}" : std::string(1, column);
  std::string text = fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n", columns);
  bool header = true;
  for (const Cells& row : table.rows) {
    Cells cells;
    for (const std::string& cell : row) cells.push_back(latex_escaped(cell));
    text += fmt::format("{} \\\\\n", fmt::join(cells, " & "));
    if (std::exchange(header, false)) text += "\\midrule\n";
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace

std::string format_table(const ScoreTable& table, ScoreFormat format, std::size_t width) {
  assert(format != ScoreFormat::kJson && !table.rows.empty());
  ScoreTable clean = table;
  clean.title = printable(table.title);
  for (Cells& row : clean.rows) {
    assert(row.size() == table.columns.size());
    for (std::string& cell : row) cell = printable(cell);
  }
  const bool titled = !clean.title.empty();
  switch (format) {
    case ScoreFormat::kMarkdown:
      return (titled ? fmt::format("**{}**\n\n", markdown_escaped(clean.title)) : "") + markdown_table(clean);
    case ScoreFormat::kLatex:
      return (titled ? fmt::format("% {}\n", clean.title) : "") + latex_table(clean);
    default:
      return (titled ? clean.title + "\n" : "") + text_table(clean, width);
  }
}

std::string format_note(std::string_view note, ScoreFormat format) {
  if (format == ScoreFormat::kMarkdown) return fmt::format("- {}\n", markdown_escaped(note));
  return fmt::format("{}{}\n", format == ScoreFormat::kLatex ? "% " : "", note);
}

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace isthmus
