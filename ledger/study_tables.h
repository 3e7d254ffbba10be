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


-- Study reliance.


-- Study rank.


-- Study saturation.


-- Study map.


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


-- Study erasure.


-- Study probes.


-- Study reconstruction.


-- Study length-units.


-- Study noise.


-- Study quantise.


-- Study project.


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


-- Study cells.


-- Study capacity.


-- Study cures.

)sql";

/// Made after all other views.
inline constexpr std::string_view kStudyViews = R"sql(
-- Study rare-words.
-- The rare-words study: BLEU and chrF by how rare the words of the source are; beside it others of the same lengths.
CREATE VIEW quality_by_rare_words AS
SELECT
  rare_word_quality.analysis, studies.run, studies.model_run, studies.model, studies.corpus, measure, from_value,
  to_value, sentences, mean_value, mean_length, bleu, bleu_low, bleu_high, chrf, chrf_low, chrf_high, compared,
  matched_value, matched_bleu, matched_bleu_low, matched_bleu_high, matched_chrf, matched_chrf_low, matched_chrf_high,
  bleu_difference, bleu_difference_low, bleu_difference_high, chrf_difference, chrf_difference_low,
  chrf_difference_high, thin
FROM rare_word_quality JOIN studies ON studies.analysis = rare_word_quality.analysis
ORDER BY rare_word_quality.id;


-- Study information.


-- Study reliance.


-- Study rank.


-- Study saturation.


-- Study map.


-- Study word-order.
-- The word-order study: what a change of the source's order does to the context and to the loss of the reference.
CREATE VIEW loss_by_word_order AS
SELECT
  word_order_change.analysis, studies.run, studies.model_run, studies.model, studies.corpus, change, from_distance,
  to_distance, sentences, moved, cosine, cosine_low, cosine_high, centred_cosine, centred_cosine_low,
  centred_cosine_high, loss_rise, loss_rise_low, loss_rise_high, share, share_low, share_high
FROM word_order_change JOIN studies ON studies.analysis = word_order_change.analysis
ORDER BY word_order_change.id;


-- Study memory.
-- The memory study: what a piece of the source weighs, by its distance from either end.
CREATE VIEW memory_by_distance AS
SELECT
  memory_distance.analysis, studies.run, studies.model_run, studies.model, studies.corpus, counted_from, change,
  distance, sentences, context_change, context_change_low, context_change_high, loss_rise, loss_rise_low, loss_rise_high,
  untrained_context_change, untrained_context_change_low, untrained_context_change_high, self_context_change,
  self_loss_rise, thin
FROM memory_distance JOIN studies ON studies.analysis = memory_distance.analysis
ORDER BY memory_distance.id;

-- Half-lives that the memory study found.
CREATE VIEW memory_half_life AS
SELECT analysis, run, model_run, model, corpus, name, value, low, high, unit FROM findings
WHERE kind = 'memory' AND name LIKE '%half_life%';


-- Study gradients.


-- Study erasure.


-- Study probes.


-- Study reconstruction.


-- Study length-units.


-- Study noise.


-- Study quantise.


-- Study project.


-- Study cost.
-- The cost study: the time of sentences by their length.
CREATE VIEW time_by_length AS
SELECT
  time_cost.analysis, studies.run, studies.model_run, studies.model, studies.corpus, operation, batch, threads,
  length, repetitions, time_cost.seconds, seconds_low, seconds_high, sentence_ms, sentence_ms_low, sentence_ms_high
FROM time_cost JOIN studies ON studies.analysis = time_cost.analysis
ORDER BY time_cost.id;


-- Study attention.


-- Study cells.


-- Study capacity.


-- Study cures.

)sql";

}  // namespace isthmus::internal
