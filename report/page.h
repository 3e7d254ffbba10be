// A report as a page: sections of text, figures and sentences. What it looks like is html_page.h's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/table.h"

namespace isthmus {

/// kLine joins the points of a series, kDot does not and has its categories from top to bottom, kBar has them from left
/// to right, kScatter joins nothing and has numbers on both axes. kHeatMap is a matrix of the one series' values, whose
/// places are the columns `x` and `row`, numbers from 0; each value of `group` is a matrix of its own, of which the
/// reader chooses one.
enum class ChartKind { kLine, kDot, kBar, kScatter, kHeatMap };

template <>
struct EnumNames<ChartKind> {
  static constexpr std::string_view names[] = {"line", "dot", "bar", "scatter", "heat"};
};

/// Keys of columns: the value, and the ends of its interval where it has one.
struct Series {
  std::string y = {};
  std::string low = {};
  std::string high = {};
  std::string title = {};  ///< in the legend; the column's where empty
};

/// How to draw a table. Names its columns by key: what is drawn and what is read are the same data. Of two columns with
/// one key, the one for machines is drawn. A point without a value is left out.
struct Chart {
  ChartKind kind = ChartKind::kLine;
  std::string title = {};
  std::string x = {};
  std::vector<Series> series = {};
  std::string group = {};      ///< column that splits the rows, each value a line of its own; empty: one
  std::string label = {};      ///< column with the name of a point, read when one points at it; empty: none
  std::string row = {};        ///< kHeatMap: column with the place from top to bottom
  std::string x_label = {};    ///< kHeatMap: column with the name of a place `x`; empty: its number
  std::string row_label = {};  ///< and of a place `row`
  std::string x_title = {};
  std::string y_title = {};
  bool log_x = false;
  bool log_y = false;
  bool from_zero = false;  ///< the axis of the values begins at 0
};

/// A table and the charts of it.
struct Figure {
  Table table = {};
  std::vector<Chart> charts = {};
  bool on_page = true;
  bool in_terminal = true;  ///< false for tables that are too long to be read
};

/// A translation by each system of a set; nothing where a system left the line out.
struct SentenceRow {
  std::int64_t line = 1;
  std::int64_t words = 0;  ///< of the source
  std::string source = {};
  std::string reference = {};
  std::vector<std::optional<std::string>> hypotheses = {};
  std::vector<std::optional<double>> bleu = {};  ///< of each hypothesis as a sentence
};

/// A corpus with the translations of several systems side by side.
struct SentenceSet {
  std::string title = {};
  std::vector<std::string> systems = {};  ///< names, all different
  std::vector<SentenceRow> rows = {};     ///< as many hypotheses and scores in each as there are systems
  std::vector<std::string> notes = {};    ///< what was left out
};

struct PageSection {
  std::string id = {};     ///< of its anchor: letters, digits and hyphens
  std::string title = {};  ///< of the section, and in the table of contents
  std::vector<std::string> text = {};
  std::string verdict = {};  ///< the answer in words; empty: none
  std::string meaning = {};  ///< what follows from it for the reader; empty: none
  std::vector<Figure> figures = {};
  std::vector<SentenceSet> sentences = {};
  std::string under = {};    ///< id of the section that lists this one; empty: the contents of the page do
  std::string heading = {};  ///< in that list, above the sections of one kind
  std::string name = {};     ///< in that list; the title where empty
};

struct Page {
  std::string title = {};
  std::string subtitle = {};
  std::vector<PageSection> sections = {};
};

}  // namespace isthmus
