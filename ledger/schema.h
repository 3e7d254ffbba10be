// The schema as SQL. Private to the ledger and its tests.
#pragma once

#include <span>
#include <string_view>

namespace isthmus::internal {

/// "ISTH": tells a ledger from the SQLite files of other programs (PRAGMA application_id).
inline constexpr int kApplicationId = 0x49535448;

/// Statement lists; the first n of them make a ledger of version n (PRAGMA user_version).
std::span<const std::string_view> migrations();

/// Statement list that makes all views. Views hold no data, so they have no history: they are dropped and made anew
/// when the version rises. A change of views alone is an empty migration.
std::string_view views();

/// The studies' measurements: the newest of the migrations, and views that are made after the others.
std::string_view study_tables();
std::string_view study_views();

}  // namespace isthmus::internal
