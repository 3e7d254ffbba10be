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
CREATE TABLE probe (
  id INTEGER PRIMARY KEY,
  analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  task TEXT NOT NULL,
  position INTEGER,
  features TEXT NOT NULL,
  labels TEXT NOT NULL,
  seed INTEGER NOT NULL,
  l2 REAL,
  train_accuracy REAL,
  dev_accuracy REAL,
  test_accuracy REAL,
  n INTEGER NOT NULL
) STRICT;
CREATE INDEX probe_by_analysis ON probe (analysis);
CREATE TABLE probe_comparison (
  id INTEGER PRIMARY KEY,
  analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  task TEXT NOT NULL,
  position INTEGER,
  n INTEGER NOT NULL,
  context REAL, context_low REAL, context_high REAL,
  untrained REAL, untrained_low REAL, untrained_high REAL,
  embeddings REAL, embeddings_low REAL, embeddings_high REAL,
  majority REAL, majority_low REAL, majority_high REAL,
  random_labels REAL, random_labels_low REAL, random_labels_high REAL,
  over_untrained REAL, over_untrained_low REAL, over_untrained_high REAL,
  over_embeddings REAL, over_embeddings_low REAL, over_embeddings_high REAL,
  over_majority REAL, over_majority_low REAL, over_majority_high REAL,
  selectivity REAL, selectivity_low REAL, selectivity_high REAL
) STRICT;
CREATE INDEX probe_comparison_by_analysis ON probe_comparison (analysis);


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
CREATE TABLE cell_quality (
  id                  INTEGER PRIMARY KEY,
  analysis            INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  matched             TEXT NOT NULL,
  cell                TEXT NOT NULL,
  hidden              INTEGER NOT NULL,
  parameters          INTEGER NOT NULL,
  updates             INTEGER,
  minutes             REAL,
  target_tokens_per_s REAL,
  peak_memory_mb      REAL,
  bleu                REAL,
  low                 REAL,
  high                REAL,
  long_sentences      INTEGER NOT NULL,
  long_bleu           REAL,
  long_low            REAL,
  long_high           REAL,
  half_life           REAL,
  half_life_low       REAL,
  half_life_high      REAL,
  train_run           INTEGER REFERENCES run ON DELETE SET NULL,
  decode              INTEGER REFERENCES decode ON DELETE SET NULL
) STRICT;
CREATE INDEX cell_quality_by_analysis ON cell_quality (analysis);
CREATE INDEX cell_quality_by_train_run ON cell_quality (train_run);
CREATE INDEX cell_quality_by_decode ON cell_quality (decode);
CREATE TABLE cell_difference (
  id             INTEGER PRIMARY KEY,
  analysis       INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  matched        TEXT NOT NULL,
  cell           TEXT NOT NULL,
  baseline       TEXT NOT NULL,
  quantity       TEXT NOT NULL,
  value          REAL,
  baseline_value REAL,
  difference     REAL,
  low            REAL,
  high           REAL,
  p              REAL
) STRICT;
CREATE INDEX cell_difference_by_analysis ON cell_difference (analysis);

-- Study capacity.
CREATE TABLE capacity_model (
  id                  INTEGER PRIMARY KEY,
  analysis            INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  cell                TEXT NOT NULL,
  hidden              INTEGER NOT NULL,
  context_size        INTEGER NOT NULL,
  parameters          INTEGER NOT NULL,
  updates             INTEGER,
  target_tokens_per_s REAL,
  bleu                REAL,
  low                 REAL,
  high                REAL,
  slope               REAL,
  slope_low           REAL,
  slope_high          REAL,
  half_length         REAL,
  half_length_low     REAL,
  half_length_high    REAL,
  gain                REAL,
  gain_low            REAL,
  gain_high           REAL,
  gain_p              REAL,
  train_run           INTEGER REFERENCES run ON DELETE SET NULL,
  decode              INTEGER REFERENCES decode ON DELETE SET NULL
) STRICT;
CREATE INDEX capacity_model_by_analysis ON capacity_model (analysis);
CREATE INDEX capacity_model_by_train_run ON capacity_model (train_run);
CREATE INDEX capacity_model_by_decode ON capacity_model (decode);
CREATE TABLE capacity_bin (
  id          INTEGER PRIMARY KEY,
  analysis    INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  model       TEXT NOT NULL,
  cell        TEXT NOT NULL,
  hidden      INTEGER NOT NULL,
  from_length INTEGER NOT NULL,
  to_length   INTEGER NOT NULL,
  sentences   INTEGER NOT NULL,
  mean_length REAL NOT NULL,
  bleu        REAL,
  low         REAL,
  high        REAL,
  thin        INTEGER NOT NULL CHECK (thin IN (0, 1))
) STRICT;
CREATE INDEX capacity_bin_by_analysis ON capacity_bin (analysis);

-- Study cures.
CREATE TABLE cure_quality (
  id                  INTEGER PRIMARY KEY,
  analysis            INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  cure                TEXT NOT NULL,
  role                TEXT NOT NULL,
  parameters          INTEGER NOT NULL,
  updates             INTEGER,
  target_tokens_per_s REAL,
  bleu                REAL,
  low                 REAL,
  high                REAL,
  gain                REAL,
  gain_low            REAL,
  gain_high           REAL,
  gain_p              REAL,
  long_sentences      INTEGER NOT NULL,
  long_bleu           REAL,
  long_low            REAL,
  long_high           REAL,
  long_gain           REAL,
  long_gain_low       REAL,
  long_gain_high      REAL,
  long_gain_p         REAL,
  slope               REAL,
  slope_low           REAL,
  slope_high          REAL,
  train_run           INTEGER REFERENCES run ON DELETE SET NULL,
  decode              INTEGER REFERENCES decode ON DELETE SET NULL
) STRICT;
CREATE INDEX cure_quality_by_analysis ON cure_quality (analysis);
CREATE INDEX cure_quality_by_train_run ON cure_quality (train_run);
CREATE INDEX cure_quality_by_decode ON cure_quality (decode);

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
CREATE VIEW probes AS
SELECT
  probe.analysis, studies.run, studies.model_run, studies.model, studies.corpus, probe.task, probe.position,
  probe.features, probe.labels, probe.seed, probe.l2, probe.train_accuracy, probe.dev_accuracy, probe.test_accuracy,
  probe.n
FROM probe JOIN studies ON studies.analysis = probe.analysis;
-- A task's accuracy beside its controls; position NULL: the whole task.
CREATE VIEW probe_vs_control AS
SELECT
  probe_comparison.analysis, studies.run, studies.model_run, studies.model, studies.corpus, probe_comparison.task,
  probe_comparison.position, probe_comparison.n,
  probe_comparison.context, probe_comparison.context_low, probe_comparison.context_high,
  probe_comparison.untrained, probe_comparison.untrained_low, probe_comparison.untrained_high,
  probe_comparison.embeddings, probe_comparison.embeddings_low, probe_comparison.embeddings_high,
  probe_comparison.majority, probe_comparison.majority_low, probe_comparison.majority_high,
  probe_comparison.random_labels, probe_comparison.random_labels_low, probe_comparison.random_labels_high,
  probe_comparison.over_untrained, probe_comparison.over_untrained_low, probe_comparison.over_untrained_high,
  probe_comparison.over_embeddings, probe_comparison.over_embeddings_low, probe_comparison.over_embeddings_high,
  probe_comparison.over_majority, probe_comparison.over_majority_low, probe_comparison.over_majority_high,
  probe_comparison.selectivity, probe_comparison.selectivity_low, probe_comparison.selectivity_high
FROM probe_comparison JOIN studies ON studies.analysis = probe_comparison.analysis;


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
-- Cells at equal size and at equal parameters.
CREATE VIEW cells_compared AS
SELECT
  cell_quality.analysis, studies.run, studies.corpus,
  cell_quality.matched, cell_quality.cell, cell_quality.hidden, cell_quality.parameters,
  cell_quality.updates, cell_quality.minutes, cell_quality.target_tokens_per_s, cell_quality.peak_memory_mb,
  cell_quality.bleu, cell_quality.low, cell_quality.high, cell_quality.long_sentences,
  cell_quality.long_bleu, cell_quality.long_low, cell_quality.long_high, cell_quality.half_life,
  cell_quality.half_life_low, cell_quality.half_life_high, cell_quality.train_run, cell_quality.decode
FROM cell_quality JOIN studies ON studies.analysis = cell_quality.analysis;
-- LSTM against GRU, and against RNN.
CREATE VIEW cell_differences AS
SELECT
  cell_difference.analysis, studies.run, studies.corpus,
  cell_difference.matched, cell_difference.cell, cell_difference.baseline, cell_difference.quantity,
  cell_difference.value, cell_difference.baseline_value, cell_difference.difference, cell_difference.low,
  cell_difference.high, cell_difference.p
FROM cell_difference JOIN studies ON studies.analysis = cell_difference.analysis;

-- Study capacity.
-- The models of a sweep over sizes.
CREATE VIEW capacities AS
SELECT
  capacity_model.analysis, studies.run, studies.corpus,
  capacity_model.cell, capacity_model.hidden, capacity_model.context_size, capacity_model.parameters,
  capacity_model.updates, capacity_model.target_tokens_per_s, capacity_model.bleu, capacity_model.low,
  capacity_model.high, capacity_model.slope, capacity_model.slope_low, capacity_model.slope_high,
  capacity_model.half_length, capacity_model.half_length_low, capacity_model.half_length_high,
  capacity_model.gain, capacity_model.gain_low, capacity_model.gain_high, capacity_model.gain_p,
  capacity_model.train_run, capacity_model.decode
FROM capacity_model JOIN studies ON studies.analysis = capacity_model.analysis;
-- BLEU by length of the models of a sweep over sizes.
CREATE VIEW bleu_by_capacity AS
SELECT
  capacity_bin.analysis, studies.run, studies.corpus,
  capacity_bin.model, capacity_bin.cell, capacity_bin.hidden, capacity_bin.from_length,
  capacity_bin.to_length, capacity_bin.sentences, capacity_bin.mean_length, capacity_bin.bleu,
  capacity_bin.low, capacity_bin.high, capacity_bin.thin
FROM capacity_bin JOIN studies ON studies.analysis = capacity_bin.analysis;

-- Study cures.
-- What helps against the bottleneck.
CREATE VIEW cures_compared AS
SELECT
  cure_quality.analysis, studies.run, studies.corpus,
  cure_quality.cure, cure_quality.role, cure_quality.parameters, cure_quality.updates,
  cure_quality.target_tokens_per_s, cure_quality.bleu, cure_quality.low, cure_quality.high,
  cure_quality.gain, cure_quality.gain_low, cure_quality.gain_high, cure_quality.gain_p,
  cure_quality.long_sentences, cure_quality.long_bleu, cure_quality.long_low, cure_quality.long_high,
  cure_quality.long_gain, cure_quality.long_gain_low, cure_quality.long_gain_high, cure_quality.long_gain_p,
  cure_quality.slope, cure_quality.slope_low, cure_quality.slope_high, cure_quality.train_run,
  cure_quality.decode
FROM cure_quality JOIN studies ON studies.analysis = cure_quality.analysis;

)sql";

}  // namespace isthmus::internal
