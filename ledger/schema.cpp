// The tables. To change them, append a migration: a ledger written by an older version is brought up to date when it
// is opened, and what has been released is never edited. docs/ledger.md describes every table and column.
#include "ledger/schema.h"

namespace isthmus::internal {
namespace {

constexpr std::string_view kVersion1 = R"sql(
-- One start of the program. Everything else in the ledger reaches a run.
CREATE TABLE run (
  id                INTEGER PRIMARY KEY,
  uuid              TEXT NOT NULL UNIQUE,
  command           TEXT NOT NULL,
  config_json       TEXT NOT NULL CHECK (json_valid(config_json)),
  version           TEXT NOT NULL,
  build_json        TEXT NOT NULL CHECK (json_valid(build_json)),
  seed              INTEGER,
  threads           INTEGER,
  process           TEXT NOT NULL,
  started           TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  ended             TEXT,
  exit_reason       TEXT,
  parent_run        INTEGER REFERENCES run ON DELETE SET NULL,
  resumed_at        INTEGER,
  parameters        INTEGER,
  updates           INTEGER,
  target_tokens     INTEGER,
  peak_memory_bytes INTEGER,
  CHECK ((ended IS NULL) = (exit_reason IS NULL))
) STRICT;
CREATE INDEX run_by_parent ON run (parent_run);

-- Files that a run read or wrote.
CREATE TABLE artifact (
  id    INTEGER PRIMARY KEY,
  run   INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind  TEXT NOT NULL,
  path  TEXT NOT NULL,
  hash  TEXT,
  bytes INTEGER
) STRICT;
CREATE INDEX artifact_by_run ON artifact (run, kind);

-- Parallel text, once for each content.
CREATE TABLE corpus (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL,
  split           TEXT NOT NULL,
  source_language TEXT NOT NULL,
  target_language TEXT NOT NULL,
  source_hash     TEXT NOT NULL,
  target_hash     TEXT NOT NULL,
  lines           INTEGER NOT NULL,
  UNIQUE (source_hash, target_hash)
) STRICT;

-- Which run read which corpus, and as what.
CREATE TABLE corpus_use (
  run    INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  corpus INTEGER NOT NULL REFERENCES corpus ON DELETE CASCADE,
  role   TEXT NOT NULL,
  PRIMARY KEY (run, corpus, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX corpus_use_by_corpus ON corpus_use (corpus);

-- The lines of the corpora that were translated. Training text is not copied.
CREATE TABLE sentence (
  id         INTEGER PRIMARY KEY,
  corpus     INTEGER NOT NULL REFERENCES corpus ON DELETE CASCADE,
  line       INTEGER NOT NULL,
  source     TEXT NOT NULL,
  reference  TEXT,
  words      INTEGER NOT NULL,
  characters INTEGER NOT NULL,
  UNIQUE (corpus, line)
) STRICT;

-- Weights at one moment of training, or those of a model file from elsewhere.
CREATE TABLE checkpoint (
  id            INTEGER PRIMARY KEY,
  run           INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  updates       INTEGER NOT NULL,
  epoch         REAL,
  target_tokens INTEGER,
  path          TEXT NOT NULL,
  hash          TEXT NOT NULL,
  is_best       INTEGER NOT NULL CHECK (is_best IN (0, 1))
) STRICT;
CREATE INDEX checkpoint_by_run ON checkpoint (run, updates);
CREATE INDEX checkpoint_by_hash ON checkpoint (hash);

CREATE TABLE train_log (
  run                 INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  updates             INTEGER NOT NULL,
  epoch               REAL NOT NULL,
  objective           TEXT NOT NULL,
  loss                REAL,  -- NULL: not a number
  grad_norm           REAL,  -- NULL: not a number
  clipped             REAL,
  learning_rate       REAL NOT NULL,
  target_tokens_per_s REAL NOT NULL,
  target_tokens       INTEGER NOT NULL,
  wall_s              REAL NOT NULL,
  rss_bytes           INTEGER NOT NULL,
  PRIMARY KEY (run, updates)
) STRICT, WITHOUT ROWID;

CREATE TABLE validation (
  id         INTEGER PRIMARY KEY,
  run        INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  updates    INTEGER NOT NULL,
  checkpoint INTEGER REFERENCES checkpoint ON DELETE SET NULL,
  corpus     INTEGER NOT NULL REFERENCES corpus,
  metric     TEXT NOT NULL,
  signature  TEXT NOT NULL,
  value      REAL,  -- NULL: not a number
  low        REAL,
  high       REAL,
  seconds    REAL NOT NULL
) STRICT;
CREATE INDEX validation_by_run ON validation (run, updates);
CREATE INDEX validation_by_checkpoint ON validation (checkpoint);
CREATE INDEX validation_by_corpus ON validation (corpus);

-- One pass of a model over the sources of a corpus; or text that another system wrote.
CREATE TABLE decode (
  id             INTEGER PRIMARY KEY,
  run            INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  checkpoint     INTEGER REFERENCES checkpoint ON DELETE SET NULL,
  corpus         INTEGER NOT NULL REFERENCES corpus,
  method         TEXT NOT NULL,
  beam           INTEGER NOT NULL,
  length_penalty REAL,
  options_json   TEXT NOT NULL CHECK (json_valid(options_json)),
  seconds        REAL NOT NULL,
  truncated      INTEGER NOT NULL,
  empty          INTEGER NOT NULL
) STRICT;
CREATE INDEX decode_by_run ON decode (run);
CREATE INDEX decode_by_checkpoint ON decode (checkpoint);
CREATE INDEX decode_by_corpus ON decode (corpus);

CREATE TABLE hypothesis (
  id          INTEGER PRIMARY KEY,
  decode      INTEGER NOT NULL REFERENCES decode ON DELETE CASCADE,
  sentence    INTEGER NOT NULL REFERENCES sentence,
  rank        INTEGER NOT NULL,
  text        TEXT NOT NULL,
  log_prob    REAL,
  score       REAL,
  tokens      INTEGER,
  stop_reason TEXT,
  UNIQUE (decode, sentence, rank)
) STRICT;
CREATE INDEX hypothesis_by_sentence ON hypothesis (sentence);

CREATE TABLE token (
  hypothesis INTEGER NOT NULL REFERENCES hypothesis ON DELETE CASCADE,
  t          INTEGER NOT NULL,
  piece      TEXT NOT NULL,
  log_prob   REAL NOT NULL,
  PRIMARY KEY (hypothesis, t)
) STRICT, WITHOUT ROWID;

-- The score of a decode under one metric.
CREATE TABLE scoring (
  id        INTEGER PRIMARY KEY,
  decode    INTEGER NOT NULL REFERENCES decode ON DELETE CASCADE,
  metric    TEXT NOT NULL,
  signature TEXT NOT NULL,
  value     REAL,
  low       REAL,
  high      REAL,
  seconds   REAL NOT NULL
) STRICT;
CREATE INDEX scoring_by_decode ON scoring (decode, metric);

-- What BLEU is made of: the score of any set of sentences is a function of the sums of these columns.
CREATE TABLE bleu_statistics (
  scoring           INTEGER NOT NULL REFERENCES scoring ON DELETE CASCADE,
  hypothesis        INTEGER NOT NULL REFERENCES hypothesis ON DELETE CASCADE,
  match1            INTEGER NOT NULL,
  match2            INTEGER NOT NULL,
  match3            INTEGER NOT NULL,
  match4            INTEGER NOT NULL,
  total1            INTEGER NOT NULL,
  total2            INTEGER NOT NULL,
  total3            INTEGER NOT NULL,
  total4            INTEGER NOT NULL,
  hypothesis_length INTEGER NOT NULL,
  reference_length  INTEGER NOT NULL,
  PRIMARY KEY (scoring, hypothesis)
) STRICT, WITHOUT ROWID;
CREATE INDEX bleu_statistics_by_hypothesis ON bleu_statistics (hypothesis);

-- Context vectors: little-endian float32, numpy.frombuffer(vector, '<f4').
CREATE TABLE context (
  id         INTEGER PRIMARY KEY,
  run        INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  checkpoint INTEGER NOT NULL REFERENCES checkpoint ON DELETE CASCADE,
  sentence   INTEGER NOT NULL REFERENCES sentence,
  layer      INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  dim        INTEGER NOT NULL CHECK (length(vector) = 4 * dim),
  vector     BLOB NOT NULL,
  norm       REAL,
  UNIQUE (run, checkpoint, sentence, layer, kind)
) STRICT;
CREATE INDEX context_by_checkpoint ON context (checkpoint);
CREATE INDEX context_by_sentence ON context (sentence);

-- One study of a model on a corpus. A study run again is a new row: nothing is replaced.
CREATE TABLE analysis (
  id          INTEGER PRIMARY KEY,
  run         INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind        TEXT NOT NULL,
  version     INTEGER NOT NULL,
  params_json TEXT NOT NULL CHECK (json_valid(params_json)),
  checkpoint  INTEGER REFERENCES checkpoint ON DELETE SET NULL,
  corpus      INTEGER NOT NULL REFERENCES corpus,
  decode      INTEGER REFERENCES decode ON DELETE SET NULL,
  seed        INTEGER NOT NULL,
  seconds     REAL NOT NULL,
  verdict     TEXT NOT NULL
) STRICT;
CREATE INDEX analysis_by_run ON analysis (run);
CREATE INDEX analysis_by_checkpoint ON analysis (checkpoint);
CREATE INDEX analysis_by_corpus ON analysis (corpus);
CREATE INDEX analysis_by_decode ON analysis (decode);

-- Figures that any study found.
CREATE TABLE finding (
  analysis INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  name     TEXT NOT NULL,
  unit     TEXT NOT NULL,
  value    REAL,
  low      REAL,
  high     REAL,
  PRIMARY KEY (analysis, name)
) STRICT, WITHOUT ROWID;

-- The length study.
CREATE TABLE length_quality (
  analysis    INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  metric      TEXT NOT NULL,
  cumulative  INTEGER NOT NULL CHECK (cumulative IN (0, 1)),
  from_length INTEGER NOT NULL,
  to_length   INTEGER NOT NULL,
  sentences   INTEGER NOT NULL,
  mean_length REAL NOT NULL,
  value       REAL NOT NULL,
  low         REAL NOT NULL,
  high        REAL NOT NULL,
  PRIMARY KEY (analysis, metric, cumulative, from_length, to_length)
) STRICT, WITHOUT ROWID;
)sql";

// Bins of the length study: those with few sentences are marked, and of one sentence there is no interval.
constexpr std::string_view kVersion2 = R"sql(
CREATE TABLE length_quality_with_thin (
  analysis    INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
  metric      TEXT NOT NULL,
  cumulative  INTEGER NOT NULL CHECK (cumulative IN (0, 1)),
  from_length INTEGER NOT NULL,
  to_length   INTEGER NOT NULL,
  sentences   INTEGER NOT NULL,
  mean_length REAL NOT NULL,
  value       REAL NOT NULL,
  low         REAL,  -- NULL: no interval
  high        REAL,
  thin        INTEGER NOT NULL CHECK (thin IN (0, 1)),
  PRIMARY KEY (analysis, metric, cumulative, from_length, to_length)
) STRICT, WITHOUT ROWID;
INSERT INTO length_quality_with_thin
SELECT analysis, metric, cumulative, from_length, to_length, sentences, mean_length, value,
  iif(sentences < 2, NULL, low), iif(sentences < 2, NULL, high),
  sentences < coalesce(json_extract(params_json, '$."min-sentences"'), 0)
FROM length_quality JOIN analysis ON analysis.id = length_quality.analysis;
DROP TABLE length_quality;
ALTER TABLE length_quality_with_thin RENAME TO length_quality;
)sql";

// Weights that a run only read are no longer taken for its own. Until now nothing was kept of where they came from.
constexpr std::string_view kVersion3 = R"sql(
ALTER TABLE checkpoint ADD COLUMN provenance_json TEXT CHECK (provenance_json IS NULL OR json_valid(provenance_json));
UPDATE checkpoint SET provenance_json = '{}' WHERE run IN (SELECT id FROM run WHERE command <> 'train');
)sql";

// Several ranks may train together.
constexpr std::string_view kVersion4 = R"sql(
ALTER TABLE train_log ADD COLUMN ranks INTEGER NOT NULL DEFAULT 1;
ALTER TABLE train_log ADD COLUMN sent_bytes INTEGER NOT NULL DEFAULT 0;
)sql";

// Training on whole sequences: its figures, and the candidates of some sentences at some updates.
constexpr std::string_view kVersion5 = R"sql(
ALTER TABLE train_log ADD COLUMN sequence_loss REAL;
ALTER TABLE train_log ADD COLUMN reward REAL;
ALTER TABLE train_log ADD COLUMN entropy REAL;
ALTER TABLE train_log ADD COLUMN top1 REAL;
ALTER TABLE train_log ADD COLUMN unique_share REAL;
ALTER TABLE train_log ADD COLUMN effective_size REAL;
ALTER TABLE train_log ADD COLUMN candidates_per_s REAL;
ALTER TABLE validation ADD COLUMN length_ratio REAL;

CREATE TABLE candidate_set (
  id             INTEGER PRIMARY KEY,
  run            INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  updates        INTEGER NOT NULL,
  pair           INTEGER NOT NULL,
  source         TEXT NOT NULL,
  reference      TEXT NOT NULL,
  objective      TEXT NOT NULL,
  reward         TEXT NOT NULL,
  value          REAL,  -- NULL, here and below: not finite
  entropy        REAL,
  top1           REAL,
  unique_share   REAL,
  effective_size REAL,
  UNIQUE (run, updates, pair)
) STRICT;
CREATE INDEX candidate_set_by_pair ON candidate_set (run, pair);

CREATE TABLE candidate (
  candidate_set INTEGER NOT NULL REFERENCES candidate_set ON DELETE CASCADE,
  k             INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  text          TEXT NOT NULL,
  tokens        INTEGER NOT NULL,
  log_prob      REAL,
  q             REAL,
  reward        REAL,
  baseline      REAL,
  weight        REAL,
  duplicate     INTEGER NOT NULL CHECK (duplicate IN (0, 1)),
  PRIMARY KEY (candidate_set, k)
) STRICT, WITHOUT ROWID;
)sql";

// Scores of several systems compared.
constexpr std::string_view kVersion6 = R"sql(
CREATE TABLE comparison (
  scoring  INTEGER NOT NULL REFERENCES scoring ON DELETE CASCADE,
  baseline INTEGER NOT NULL REFERENCES scoring ON DELETE CASCADE,
  test     TEXT NOT NULL,
  p        REAL NOT NULL,
  trials   INTEGER NOT NULL,
  seed     INTEGER NOT NULL,
  PRIMARY KEY (scoring, baseline, test)
) STRICT, WITHOUT ROWID;
CREATE INDEX comparison_by_baseline ON comparison (baseline);
)sql";

}  // namespace

std::span<const std::string_view> migrations() {
  static const std::string_view kMigrations[] = {kVersion1, kVersion2, kVersion3,     kVersion4,
                                                 kVersion5, kVersion6, study_tables()};
  return kMigrations;
}

}  // namespace isthmus::internal
