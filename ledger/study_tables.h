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


-- Study capacity.


-- Study cures.

)sql";

}  // namespace isthmus::internal
