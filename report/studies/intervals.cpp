#include "report/studies/intervals.h"

#include <fmt/format.h>

namespace isthmus {
namespace {

Cell interval_cell(const Cell& low, const Cell& high, int decimals) {
  const auto* from = std::get_if<double>(&low);
  const auto* to = std::get_if<double>(&high);
  if (!from || !to) return {};
  return fmt::format("[{:.{}f}, {:.{}f}]", *from, decimals, *to, decimals);
}

}  // namespace

std::vector<Column> with_interval(const std::string& key, const std::string& title, int decimals) {
  return {{.key = key, .title = title, .decimals = decimals},
          {.key = key + "_low", .decimals = decimals, .audience = Audience::kMachines},
          {.key = key + "_high", .decimals = decimals, .audience = Audience::kMachines}};
}

void show_intervals(Table& table) {
  for (std::size_t i = 0; i + 2 < table.columns.size(); ++i) {
    const Column value = table.columns[i];
    if (table.columns[i + 1].key != value.key + "_low" || table.columns[i + 2].key != value.key + "_high") continue;
    const auto at = static_cast<std::ptrdiff_t>(i + 1);
    table.columns.insert(
        table.columns.begin() + at,
        {.key = value.key + "_interval", .title = "95 % interval", .audience = Audience::kPeople, .rank = 1});
    for (std::vector<Cell>& row : table.rows) {
      row.insert(row.begin() + at, interval_cell(row[i + 1], row[i + 2], value.decimals));
    }
  }
}

}  // namespace isthmus
