// The tables of measurements and their views, study by study: a new study has its own here. Version 7 of the schema.
//
// A table has `id INTEGER PRIMARY KEY` (its order is the order to read the rows in) and `analysis`; the columns after
// them are those of the study's MeasurementRows. Private to the ledger and its tests.
#pragma once

#include <string_view>

namespace isthmus::internal {

inline constexpr std::string_view kStudyTables = R"sql(
ALTER TABLE analysis ADD COLUMN meaning TEXT NOT NULL DEFAULT '';

-- Study rare-words.


-- Study information.


-- Study reliance.


-- Study rank.


-- Study saturation.


-- Study map.


-- Study word-order.


-- Study memory.


-- Study gradients.


-- Study erasure.


-- Study probes.


-- Study reconstruction.


-- Study length-units.


-- Study noise.


-- Study quantise.


-- Study project.


-- Study cost.


-- Study attention.


-- Study cells.


-- Study capacity.


-- Study cures.

)sql";

/// Made after all other views.
inline constexpr std::string_view kStudyViews = R"sql(
-- Study rare-words.


-- Study information.


-- Study reliance.


-- Study rank.


-- Study saturation.


-- Study map.


-- Study word-order.


-- Study memory.


-- Study gradients.


-- Study erasure.


-- Study probes.


-- Study reconstruction.


-- Study length-units.


-- Study noise.


-- Study quantise.


-- Study project.


-- Study cost.


-- Study attention.


-- Study cells.


-- Study capacity.


-- Study cures.

)sql";

}  // namespace isthmus::internal
