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
CREATE VIEW context_rank AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, figures.part, figures.subject,
  figures.sentences, figures.dimensions, figures.effective_rank, figures.effective_rank_low,
  figures.effective_rank_high, figures.participation_ratio, figures.participation_ratio_low,
  figures.participation_ratio_high, figures.axes_90, figures.axes_95, figures.axes_99, figures.mean_cosine,
  figures.mean_cosine_low, figures.mean_cosine_high, figures.centred_cosine, figures.centred_cosine_low,
  figures.centred_cosine_high
FROM rank_figures AS figures JOIN studies ON studies.analysis = figures.analysis;
CREATE VIEW context_scree AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, axes.part, axes.axis,
  axes.share, axes.cumulative, axes.shuffled_share, axes.shuffled_cumulative, axes.untrained_share,
  axes.untrained_cumulative
FROM rank_axes AS axes JOIN studies ON studies.analysis = axes.analysis;

-- Study saturation.
CREATE VIEW gate_saturation AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, figures.side, figures.layer,
  figures.direction, figures.gate, figures.activation, figures.units, figures.steps, figures.mean, figures.left_share,
  figures.right_share, figures.saturated, figures.saturated_low, figures.saturated_high, figures.stuck_units,
  figures.untrained_mean, figures.untrained_left_share, figures.untrained_right_share, figures.untrained_saturated,
  figures.untrained_stuck_units
FROM gate_figures AS figures JOIN studies ON studies.analysis = figures.analysis;
CREATE VIEW gate_histogram AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, bins.side, bins.layer,
  bins.direction, bins.gate, bins.activation, bins.from_value, bins.to_value, bins.share, bins.untrained_share
FROM gate_bins AS bins JOIN studies ON studies.analysis = bins.analysis;

-- Study map.
CREATE VIEW context_map AS
SELECT point.id, studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, point.line,
  sentence.words, sentence.source, point.x, point.y, point.untrained_x, point.untrained_y
FROM map_points AS point
JOIN studies ON studies.analysis = point.analysis
JOIN analysis ON analysis.id = point.analysis
JOIN sentence ON sentence.corpus = analysis.corpus AND sentence.line = point.line;
CREATE VIEW context_neighbours AS
SELECT near.id, studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, near.line,
  sentence.source, near.rank, near.neighbour, other.source AS neighbour_source, near.cosine, near.edits, near.distance,
  near.untrained_neighbour, near.untrained_cosine, near.untrained_distance
FROM map_neighbours AS near
JOIN studies ON studies.analysis = near.analysis
JOIN analysis ON analysis.id = near.analysis
JOIN sentence ON sentence.corpus = analysis.corpus AND sentence.line = near.line
JOIN sentence AS other ON other.corpus = analysis.corpus AND other.line = near.neighbour;
CREATE VIEW similarity_by_distance AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, similarity.from_distance,
  similarity.to_distance, similarity.pairs, similarity.cosine, similarity.untrained_cosine, similarity.shuffled_pairs,
  similarity.shuffled_cosine
FROM map_similarity AS similarity JOIN studies ON studies.analysis = similarity.analysis;

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
