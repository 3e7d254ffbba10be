// Reading what a study measured, in the tests of studies.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/study.h"
#include "tests/analysis/findings.h"

namespace isthmus::test {

using MeasuredRow = std::vector<MeasuredValue>;

inline const MeasurementRows& table_of(const StudyResult& result, const std::string& table) {
  for (const MeasurementRows& rows : result.tables) {
    if (rows.table == table) return rows;
  }
  throw std::logic_error("no table " + table);
}

inline const MeasuredValue& value_in(const MeasurementRows& rows, const MeasuredRow& row, const std::string& column) {
  const auto found = std::find(rows.columns.begin(), rows.columns.end(), column);
  if (found == rows.columns.end()) throw std::logic_error("no column " + column);
  return row.at(static_cast<std::size_t>(found - rows.columns.begin()));
}

/// NaN where there is none.
inline double number_in(const MeasurementRows& rows, const MeasuredRow& row, const std::string& column) {
  const MeasuredValue& value = value_in(rows, row, column);
  if (std::holds_alternative<std::monostate>(value)) return std::nan("");
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

inline std::string text_in(const MeasurementRows& rows, const MeasuredRow& row, const std::string& column) {
  return std::get<std::string>(value_in(rows, row, column));
}

}  // namespace isthmus::test
