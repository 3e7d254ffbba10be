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
CREATE TABLE attention_weight (
  id INTEGER PRIMARY KEY,
  analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  line INTEGER NOT NULL,
  t INTEGER NOT NULL,
  s INTEGER NOT NULL,
  target_piece TEXT NOT NULL,
  source_piece TEXT NOT NULL,
  weight REAL NOT NULL
) STRICT;
CREATE INDEX attention_weight_by_analysis ON attention_weight (analysis);

CREATE TABLE attention_measure (
  id INTEGER PRIMARY KEY,
  analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  measure TEXT NOT NULL,
  unit TEXT NOT NULL,
  value REAL,
  low REAL,
  high REAL,
  uniform REAL
) STRICT;
CREATE INDEX attention_measure_by_analysis ON attention_measure (analysis);


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
CREATE VIEW attention_weights AS
SELECT
  attention_weight.analysis, studies.run, studies.model_run, studies.model, studies.corpus, attention_weight.line,
  attention_weight.t, attention_weight.s, attention_weight.target_piece, attention_weight.source_piece,
  attention_weight.weight
FROM attention_weight JOIN studies ON studies.analysis = attention_weight.analysis;

CREATE VIEW attention_measures AS
SELECT
  attention_measure.analysis, studies.run, studies.model_run, studies.model, studies.corpus, attention_measure.measure,
  attention_measure.unit, attention_measure.value, attention_measure.low, attention_measure.high,
  attention_measure.uniform
FROM attention_measure JOIN studies ON studies.analysis = attention_measure.analysis;


-- Study cells.


-- Study capacity.


-- Study cures.

)sql";

}  // namespace isthmus::internal
