// The tables of measurements, study by study: a new study has its own here. Version 7 of the schema.
//
// A table has `id INTEGER PRIMARY KEY` (its order is the order to read the rows in) and `analysis`; the columns after
// them are those of the study's MeasurementRows.
#include "ledger/schema.h"

namespace isthmus::internal {

std::string_view study_tables() {
  return R"sql(
ALTER TABLE analysis ADD COLUMN meaning TEXT NOT NULL DEFAULT '';

-- Study rare-words.
CREATE TABLE rare_word_quality (
  id                   INTEGER PRIMARY KEY,
  analysis             INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  measure              TEXT NOT NULL,
  from_value           REAL NOT NULL,
  to_value             REAL,
  sentences            INTEGER NOT NULL,
  mean_value           REAL NOT NULL,
  mean_length          REAL NOT NULL,
  bleu                 REAL,
  bleu_low             REAL,
  bleu_high            REAL,
  chrf                 REAL,
  chrf_low             REAL,
  chrf_high            REAL,
  compared             INTEGER NOT NULL,
  matched_value        REAL,
  matched_bleu         REAL,
  matched_bleu_low     REAL,
  matched_bleu_high    REAL,
  matched_chrf         REAL,
  matched_chrf_low     REAL,
  matched_chrf_high    REAL,
  bleu_difference      REAL,
  bleu_difference_low  REAL,
  bleu_difference_high REAL,
  chrf_difference      REAL,
  chrf_difference_low  REAL,
  chrf_difference_high REAL,
  thin                 INTEGER NOT NULL CHECK (thin IN (0, 1))
) STRICT;
CREATE INDEX rare_word_quality_by_analysis ON rare_word_quality (analysis);


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
CREATE TABLE rank_figures (
  id                       INTEGER PRIMARY KEY,
  analysis                 INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  part                     TEXT NOT NULL,
  subject                  TEXT NOT NULL,
  sentences                INTEGER NOT NULL,
  dimensions               INTEGER NOT NULL,
  effective_rank           REAL NOT NULL,
  effective_rank_low       REAL,
  effective_rank_high      REAL,
  participation_ratio      REAL NOT NULL,
  participation_ratio_low  REAL,
  participation_ratio_high REAL,
  axes_90                  INTEGER NOT NULL,
  axes_95                  INTEGER NOT NULL,
  axes_99                  INTEGER NOT NULL,
  mean_cosine              REAL,
  mean_cosine_low          REAL,
  mean_cosine_high         REAL,
  centred_cosine           REAL,
  centred_cosine_low       REAL,
  centred_cosine_high      REAL
) STRICT;
CREATE INDEX rank_figures_by_analysis ON rank_figures (analysis);
CREATE TABLE rank_axes (
  id                   INTEGER PRIMARY KEY,
  analysis             INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  part                 TEXT NOT NULL,
  axis                 INTEGER NOT NULL,
  share                REAL,
  cumulative           REAL,
  shuffled_share       REAL,
  shuffled_cumulative  REAL,
  untrained_share      REAL,
  untrained_cumulative REAL
) STRICT;
CREATE INDEX rank_axes_by_analysis ON rank_axes (analysis);

-- Study saturation.
CREATE TABLE gate_figures (
  id                    INTEGER PRIMARY KEY,
  analysis              INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  side                  TEXT NOT NULL,
  layer                 INTEGER NOT NULL,
  direction             TEXT NOT NULL,
  gate                  TEXT NOT NULL,
  activation            TEXT NOT NULL,
  units                 INTEGER NOT NULL,
  steps                 INTEGER NOT NULL,
  mean                  REAL NOT NULL,
  left_share            REAL NOT NULL,
  right_share           REAL NOT NULL,
  saturated             REAL NOT NULL,
  saturated_low         REAL,
  saturated_high        REAL,
  stuck_units           REAL NOT NULL,
  untrained_mean        REAL NOT NULL,
  untrained_left_share  REAL NOT NULL,
  untrained_right_share REAL NOT NULL,
  untrained_saturated   REAL NOT NULL,
  untrained_stuck_units REAL NOT NULL
) STRICT;
CREATE INDEX gate_figures_by_analysis ON gate_figures (analysis);
CREATE TABLE gate_bins (
  id              INTEGER PRIMARY KEY,
  analysis        INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  side            TEXT NOT NULL,
  layer           INTEGER NOT NULL,
  direction       TEXT NOT NULL,
  gate            TEXT NOT NULL,
  activation      TEXT NOT NULL,
  from_value      REAL NOT NULL,
  to_value        REAL NOT NULL,
  share           REAL NOT NULL,
  untrained_share REAL NOT NULL
) STRICT;
CREATE INDEX gate_bins_by_analysis ON gate_bins (analysis);

-- Study map.
CREATE TABLE map_points (
  id          INTEGER PRIMARY KEY,
  analysis    INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  line        INTEGER NOT NULL,
  x           REAL NOT NULL,
  y           REAL NOT NULL,
  untrained_x REAL NOT NULL,
  untrained_y REAL NOT NULL
) STRICT;
CREATE INDEX map_points_by_analysis ON map_points (analysis);
CREATE TABLE map_neighbours (
  id                  INTEGER PRIMARY KEY,
  analysis            INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  line                INTEGER NOT NULL,
  rank                INTEGER NOT NULL,
  neighbour           INTEGER NOT NULL,
  cosine              REAL NOT NULL,
  edits               INTEGER NOT NULL,
  distance            REAL NOT NULL,
  untrained_neighbour INTEGER NOT NULL,
  untrained_cosine    REAL NOT NULL,
  untrained_distance  REAL NOT NULL
) STRICT;
CREATE INDEX map_neighbours_by_analysis ON map_neighbours (analysis);
CREATE TABLE map_similarity (
  id               INTEGER PRIMARY KEY,
  analysis         INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  from_distance    REAL NOT NULL,
  to_distance      REAL NOT NULL,
  pairs            INTEGER NOT NULL,
  cosine           REAL,
  untrained_cosine REAL,
  shuffled_pairs   INTEGER NOT NULL,
  shuffled_cosine  REAL
) STRICT;
CREATE INDEX map_similarity_by_analysis ON map_similarity (analysis);

-- Study word-order.
CREATE TABLE word_order_change (
  id                  INTEGER PRIMARY KEY,
  analysis            INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  change              TEXT NOT NULL,
  from_distance       INTEGER,
  to_distance         INTEGER,
  sentences           INTEGER NOT NULL,
  moved               REAL,
  cosine              REAL,
  cosine_low          REAL,
  cosine_high         REAL,
  centred_cosine      REAL,
  centred_cosine_low  REAL,
  centred_cosine_high REAL,
  loss_rise           REAL,
  loss_rise_low       REAL,
  loss_rise_high      REAL,
  share               REAL,
  share_low           REAL,
  share_high          REAL
) STRICT;
CREATE INDEX word_order_change_by_analysis ON word_order_change (analysis);


-- Study memory.
CREATE TABLE memory_distance (
  id                            INTEGER PRIMARY KEY,
  analysis                      INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  counted_from                  TEXT NOT NULL,
  change                        TEXT NOT NULL,
  distance                      INTEGER NOT NULL,
  sentences                     INTEGER NOT NULL,
  context_change                REAL,
  context_change_low            REAL,
  context_change_high           REAL,
  loss_rise                     REAL,
  loss_rise_low                 REAL,
  loss_rise_high                REAL,
  untrained_context_change      REAL,
  untrained_context_change_low  REAL,
  untrained_context_change_high REAL,
  self_context_change           REAL,
  self_loss_rise                REAL,
  thin                          INTEGER NOT NULL CHECK (thin IN (0, 1))
) STRICT;
CREATE INDEX memory_distance_by_analysis ON memory_distance (analysis);


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
CREATE TABLE erasure_unit (
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  arm TEXT NOT NULL, rank INTEGER NOT NULL, unit INTEGER NOT NULL, kind TEXT NOT NULL, layer INTEGER NOT NULL,
  importance REAL, low REAL, high REAL
) STRICT;
CREATE INDEX erasure_unit_by_analysis ON erasure_unit (analysis);


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
CREATE TABLE time_cost (
  id               INTEGER PRIMARY KEY,
  analysis         INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  operation        TEXT NOT NULL,
  batch            INTEGER NOT NULL,
  threads          INTEGER NOT NULL,
  length           INTEGER NOT NULL,
  repetitions      INTEGER NOT NULL,
  seconds          REAL NOT NULL,
  seconds_low      REAL NOT NULL,
  seconds_high     REAL NOT NULL,
  sentence_ms      REAL NOT NULL,
  sentence_ms_low  REAL NOT NULL,
  sentence_ms_high REAL NOT NULL
) STRICT;
CREATE INDEX time_cost_by_analysis ON time_cost (analysis);


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
}

}  // namespace isthmus::internal
