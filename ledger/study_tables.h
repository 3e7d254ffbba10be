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
CREATE TABLE gradient_norm (
  id             INTEGER PRIMARY KEY,
  analysis       INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  quantity       TEXT NOT NULL,
  weights        TEXT NOT NULL,
  direction      TEXT NOT NULL,
  distance       INTEGER NOT NULL,
  sentences      INTEGER NOT NULL,
  mean           REAL,
  low            REAL,
  high           REAL,
  geometric_mean REAL,
  geometric_low  REAL,
  geometric_high REAL,
  fitted         REAL,
  bound          REAL
) STRICT;
CREATE INDEX gradient_norm_by_analysis ON gradient_norm (analysis);


-- Study erasure.


-- Study probes.


-- Study reconstruction.
CREATE TABLE reconstruction_accuracy (
  id          INTEGER PRIMARY KEY,
  analysis    INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  scope       TEXT NOT NULL,
  contexts    TEXT NOT NULL,
  from_number INTEGER NOT NULL,
  to_number   INTEGER NOT NULL,
  sentences   INTEGER NOT NULL,
  pieces      INTEGER NOT NULL,
  accuracy    REAL,
  low         REAL,
  high        REAL
) STRICT;
CREATE INDEX reconstruction_accuracy_by_analysis ON reconstruction_accuracy (analysis);


-- Study length-units.
CREATE TABLE length_unit (
  id          INTEGER PRIMARY KEY,
  analysis    INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  side        TEXT NOT NULL,
  variant     TEXT NOT NULL,
  units       INTEGER NOT NULL,
  layer       INTEGER,
  kind        TEXT,
  direction   TEXT,
  unit        INTEGER,
  r2_selected REAL,
  r2          REAL,
  low         REAL,
  high        REAL
) STRICT;
CREATE INDEX length_unit_by_analysis ON length_unit (analysis);
CREATE TABLE length_unit_value (
  id       INTEGER PRIMARY KEY,
  analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  side     TEXT NOT NULL,
  line     INTEGER NOT NULL,
  step     INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  value    REAL,
  of_one   REAL,
  of_two   REAL
) STRICT;
CREATE INDEX length_unit_value_by_analysis ON length_unit_value (analysis);


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
CREATE VIEW gradients_by_distance AS
SELECT
  gradient_norm.analysis, studies.run, studies.model_run, studies.model, studies.corpus, gradient_norm.quantity,
  gradient_norm.weights, gradient_norm.direction, gradient_norm.distance, gradient_norm.sentences,
  gradient_norm.mean, gradient_norm.low, gradient_norm.high, gradient_norm.geometric_mean,
  gradient_norm.geometric_low, gradient_norm.geometric_high, gradient_norm.fitted, gradient_norm.bound
FROM gradient_norm JOIN studies ON studies.analysis = gradient_norm.analysis;


-- Study erasure.


-- Study probes.


-- Study reconstruction.
CREATE VIEW reconstruction AS
SELECT
  reconstruction_accuracy.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  reconstruction_accuracy.scope, reconstruction_accuracy.contexts, reconstruction_accuracy.from_number,
  reconstruction_accuracy.to_number, reconstruction_accuracy.sentences, reconstruction_accuracy.pieces,
  reconstruction_accuracy.accuracy, reconstruction_accuracy.low, reconstruction_accuracy.high
FROM reconstruction_accuracy JOIN studies ON studies.analysis = reconstruction_accuracy.analysis;


-- Study length-units.
CREATE VIEW length_units AS
SELECT
  length_unit.analysis, studies.run, studies.model_run, studies.model, studies.corpus, length_unit.side,
  length_unit.variant, length_unit.units, length_unit.layer, length_unit.kind, length_unit.direction,
  length_unit.unit, length_unit.r2_selected, length_unit.r2, length_unit.low, length_unit.high
FROM length_unit JOIN studies ON studies.analysis = length_unit.analysis;
CREATE VIEW length_unit_values AS
SELECT
  length_unit_value.analysis, studies.run, studies.model_run, studies.model, studies.corpus, length_unit_value.side,
  length_unit_value.line, length_unit_value.step, length_unit_value.number, length_unit_value.value,
  length_unit_value.of_one, length_unit_value.of_two
FROM length_unit_value JOIN studies ON studies.analysis = length_unit_value.analysis;


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
