// Intervals of measurements, as people read them.
#pragma once

#include <string>
#include <vector>

#include "report/table.h"

namespace isthmus {

/// Columns of a measurement KEY with its interval, which the ledger has in KEY_low and KEY_high: they are for machines,
/// and charts draw them.
std::vector<Column> with_interval(const std::string& key, const std::string& title, int decimals = 2);

/// Puts a column "[low, high]" for people behind every column that has such an interval.
void show_intervals(Table& table);

}  // namespace isthmus
