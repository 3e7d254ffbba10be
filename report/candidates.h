// The candidates that sequence-level training weighed, as tables: why the translation of a sentence changed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/ledger_reader.h"
#include "report/table.h"

namespace isthmus {

/// Source and reference of a training sentence, then its candidates, a table for each logged update, by weight. Run and
/// pair as LedgerReader::candidate_history takes them; where there are no candidates, a table that says so.
std::vector<Table> candidates_tables(LedgerReader& ledger, std::optional<RunId> run, std::optional<std::int64_t> pair);

}  // namespace isthmus
