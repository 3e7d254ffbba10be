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
CREATE TABLE information_length (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  neutral TEXT NOT NULL, from_length INTEGER NOT NULL, to_length INTEGER NOT NULL, sentences INTEGER NOT NULL,
  mean_length REAL NOT NULL, nats REAL, low REAL, high REAL, bits REAL, gain REAL, gain_low REAL, gain_high REAL,
  thin INTEGER NOT NULL
) STRICT;
CREATE INDEX information_length_by_analysis ON information_length (analysis);
CREATE TABLE information_position (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  neutral TEXT NOT NULL, position INTEGER NOT NULL, sentences INTEGER NOT NULL, nats REAL, low REAL, high REAL
) STRICT;
CREATE INDEX information_position_by_analysis ON information_position (analysis);


-- Study reliance.
CREATE TABLE reliance_position (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  context TEXT NOT NULL, position INTEGER NOT NULL, sentences INTEGER NOT NULL, loss REAL, change REAL, low REAL,
  high REAL
) STRICT;
CREATE INDEX reliance_position_by_analysis ON reliance_position (analysis);


-- Study rank.


-- Study saturation.


-- Study map.


-- Study word-order.


-- Study memory.


-- Study gradients.


-- Study erasure.
CREATE TABLE erasure_unit (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  arm TEXT NOT NULL, rank INTEGER NOT NULL, unit INTEGER NOT NULL, kind TEXT NOT NULL, layer INTEGER NOT NULL,
  importance REAL, low REAL, high REAL
) STRICT;
CREATE INDEX erasure_unit_by_analysis ON erasure_unit (analysis);


-- Study probes.


-- Study reconstruction.


-- Study length-units.


-- Study noise.
CREATE TABLE noise_effect (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  arm TEXT NOT NULL, level REAL, sentences INTEGER NOT NULL,
  bleu REAL, bleu_low REAL, bleu_high REAL, bleu_change REAL, bleu_change_low REAL, bleu_change_high REAL,
  loss_change REAL, loss_change_low REAL, loss_change_high REAL
) STRICT;
CREATE INDEX noise_effect_by_analysis ON noise_effect (analysis);


-- Study quantise.
CREATE TABLE quantise_effect (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  arm TEXT NOT NULL, bits INTEGER NOT NULL, error REAL, sentences INTEGER NOT NULL,
  bleu REAL, bleu_low REAL, bleu_high REAL, bleu_change REAL, bleu_change_low REAL, bleu_change_high REAL,
  loss_change REAL, loss_change_low REAL, loss_change_high REAL
) STRICT;
CREATE INDEX quantise_effect_by_analysis ON quantise_effect (analysis);


-- Study project.
CREATE TABLE project_effect (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  arm TEXT NOT NULL, axes INTEGER NOT NULL, variance REAL, sentences INTEGER NOT NULL,
  bleu REAL, bleu_low REAL, bleu_high REAL, bleu_change REAL, bleu_change_low REAL, bleu_change_high REAL,
  loss_change REAL, loss_change_low REAL, loss_change_high REAL
) STRICT;
CREATE INDEX project_effect_by_analysis ON project_effect (analysis);


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
CREATE VIEW information_by_length AS
SELECT information_length.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  information_length.neutral, information_length.from_length, information_length.to_length,
  information_length.sentences, information_length.mean_length, information_length.nats, information_length.low,
  information_length.high, information_length.bits, information_length.gain, information_length.gain_low,
  information_length.gain_high, information_length.thin
FROM information_length JOIN studies ON studies.analysis = information_length.analysis;
CREATE VIEW information_by_position AS
SELECT information_position.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  information_position.neutral, information_position.position, information_position.sentences,
  information_position.nats, information_position.low, information_position.high
FROM information_position JOIN studies ON studies.analysis = information_position.analysis;


-- Study reliance.
CREATE VIEW reliance_by_position AS
SELECT reliance_position.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  reliance_position.context, reliance_position.position, reliance_position.sentences, reliance_position.loss,
  reliance_position.change, reliance_position.low, reliance_position.high
FROM reliance_position JOIN studies ON studies.analysis = reliance_position.analysis;


-- Study rank.


-- Study saturation.


-- Study map.


-- Study word-order.


-- Study memory.


-- Study gradients.


-- Study erasure.
CREATE VIEW erasure_by_unit AS
SELECT erasure_unit.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  erasure_unit.arm, erasure_unit.rank, erasure_unit.unit, erasure_unit.kind, erasure_unit.layer,
  erasure_unit.importance, erasure_unit.low, erasure_unit.high
FROM erasure_unit JOIN studies ON studies.analysis = erasure_unit.analysis;


-- Study probes.


-- Study reconstruction.


-- Study length-units.


-- Study noise.
CREATE VIEW quality_by_noise AS
SELECT noise_effect.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  noise_effect.arm, noise_effect.level, noise_effect.sentences, noise_effect.bleu, noise_effect.bleu_low,
  noise_effect.bleu_high, noise_effect.bleu_change, noise_effect.bleu_change_low, noise_effect.bleu_change_high,
  noise_effect.loss_change, noise_effect.loss_change_low, noise_effect.loss_change_high
FROM noise_effect JOIN studies ON studies.analysis = noise_effect.analysis;


-- Study quantise.
CREATE VIEW quality_by_bits AS
SELECT quantise_effect.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  quantise_effect.arm, quantise_effect.bits, quantise_effect.error, quantise_effect.sentences, quantise_effect.bleu,
  quantise_effect.bleu_low, quantise_effect.bleu_high, quantise_effect.bleu_change, quantise_effect.bleu_change_low,
  quantise_effect.bleu_change_high, quantise_effect.loss_change, quantise_effect.loss_change_low,
  quantise_effect.loss_change_high
FROM quantise_effect JOIN studies ON studies.analysis = quantise_effect.analysis;


-- Study project.
CREATE VIEW quality_by_axes AS
SELECT project_effect.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  project_effect.arm, project_effect.axes, project_effect.variance, project_effect.sentences, project_effect.bleu,
  project_effect.bleu_low, project_effect.bleu_high, project_effect.bleu_change, project_effect.bleu_change_low,
  project_effect.bleu_change_high, project_effect.loss_change, project_effect.loss_change_low,
  project_effect.loss_change_high
FROM project_effect JOIN studies ON studies.analysis = project_effect.analysis;


-- Study cost.


-- Study attention.


-- Study cells.


-- Study capacity.


-- Study cures.

)sql";

}  // namespace isthmus::internal
