#include "report/studies/effects.h"

namespace isthmus {

void append_effect_columns(std::vector<Column>& columns) {
  const auto measured = [&columns](const std::string& key, const std::string& title, int decimals, int rank) {
    columns.push_back({.key = key, .title = title, .decimals = decimals, .rank = rank});
    columns.push_back({.key = key + "_low", .title = "from", .decimals = decimals, .rank = rank + 2});
    columns.push_back({.key = key + "_high", .title = "to", .decimals = decimals, .rank = rank + 2});
  };
  measured("bleu", "BLEU", 1, 0);
  measured("bleu_change", "change", 1, 0);
  measured("loss_change", "nats/piece", 3, 0);
}

std::vector<Chart> effect_charts(const std::string& x, const std::string& x_title, bool log_x) {
  const auto chart = [&](const std::string& title, const std::string& y, const std::string& y_title) {
    return Chart{.title = title,
                 .x = x,
                 .series = {{y, y + "_low", y + "_high"}},
                 .group = "arm",
                 .x_title = x_title,
                 .y_title = y_title + ", with 95 % interval",
                 .log_x = log_x,
                 .from_zero = true};
  };
  return {chart("BLEU from edited contexts", "bleu", "BLEU"),
          chart("What the references become less likely by", "loss_change", "nats a piece")};
}

}  // namespace isthmus
