// Tables as people paste them: text, Markdown, LaTeX.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"

namespace isthmus {

enum class ScoreFormat { kText, kJson, kMarkdown, kLatex };

template <>
struct EnumNames<ScoreFormat> {
  static constexpr std::string_view names[] = {"text", "json", "markdown", "latex"};
};

struct ScoreTable {
  std::string title = {};    ///< stands above it; may be empty
  std::string columns = {};  ///< one letter each: l words, r numbers (right), p sentences, which are wrapped
  std::vector<std::vector<std::string>> rows = {};  ///< the first is the header; each has as many cells as `columns`
};

/// The table in a format that is not kJson. Cells may hold anything: ill-formed bytes and control characters, which
/// could play with a terminal, are replaced, and what the format would take for markup is escaped. Text wraps the last
/// column, if that is p, so that lines have `width` columns of the terminal, if it can; 0: any number.
std::string format_table(const ScoreTable& table, ScoreFormat format, std::size_t width = 0);

/// A line below a table.
std::string format_note(std::string_view note, ScoreFormat format);

/// Any bytes go into it: file names, hypotheses.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace isthmus
