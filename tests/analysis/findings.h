// What a study found, by name.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>

#include "analysis/study.h"

namespace isthmus::test {

/// Throws std::logic_error where there is none.
inline const FindingRow& finding_of(const StudyResult& result, const std::string& name) {
  for (const FindingRow& row : result.findings) {
    if (row.name == name) return row;
  }
  throw std::logic_error("no finding " + name);
}

/// NaN where it has none.
inline double value_of(const StudyResult& result, const std::string& name) {
  return finding_of(result, name).value.value_or(std::nan(""));
}

inline double low_of(const StudyResult& result, const std::string& name) {
  return finding_of(result, name).low.value_or(std::nan(""));
}

}  // namespace isthmus::test
