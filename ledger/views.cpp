// The views: plain names for what people ask of a ledger. docs/ledger.md describes them with examples.
#include "ledger/schema.h"

namespace isthmus::internal {

std::string_view views() {
  return R"sql(
-- The runs that a resumed run continues, itself included; of an ancestor only what was done up to `until` counts.
CREATE VIEW lineage AS
WITH RECURSIVE chain (run, ancestor, until) AS (
  SELECT id, id, NULL FROM run
  UNION ALL
  SELECT chain.run, child.parent_run, min(coalesce(chain.until, child.resumed_at), child.resumed_at)
  FROM chain JOIN run AS child ON child.id = chain.ancestor
  WHERE child.parent_run IS NOT NULL AND child.resumed_at IS NOT NULL
)
SELECT run, ancestor, until FROM chain;

-- All runs. A run whose end was never written is called interrupted: it was killed, or still goes on.
CREATE VIEW runs AS
SELECT
  run.id AS run,
  run.command,
  coalesce(run.exit_reason, 'interrupted') AS status,
  run.started,
  (julianday(run.ended) - julianday(run.started)) * 1440 AS minutes,
  run.seed,
  run.threads,
  run.parameters,
  coalesce(run.updates, (SELECT max(updates) FROM train_log WHERE train_log.run = run.id)) AS updates,
  coalesce(run.target_tokens, (SELECT max(target_tokens) FROM train_log WHERE train_log.run = run.id))
    AS target_tokens,
  (SELECT avg(target_tokens_per_s) FROM train_log WHERE train_log.run = run.id) AS target_tokens_per_s,
  coalesce(run.peak_memory_bytes, (SELECT max(rss_bytes) FROM train_log WHERE train_log.run = run.id)) / 1e6
    AS peak_memory_mb,
  (SELECT max(value) FROM validation WHERE validation.run = run.id AND metric = 'bleu') AS best_valid_bleu,
  (SELECT path FROM artifact WHERE artifact.run = run.id AND kind = 'model' ORDER BY id DESC LIMIT 1) AS model,
  run.parent_run,
  run.resumed_at,
  run.version,
  run.process
FROM run;

-- Training log of a run and of the runs it resumes.
CREATE VIEW training_log AS
SELECT lineage.run, log.updates, log.epoch, log.wall_s / 60 AS minutes, log.objective, log.loss, log.grad_norm,
  log.clipped, log.learning_rate, log.target_tokens_per_s, log.target_tokens, log.rss_bytes / 1e6 AS memory_mb,
  log.ranks, log.sent_bytes, log.sequence_loss, log.reward, log.entropy, log.top1, log.unique_share,
  log.effective_size, log.candidates_per_s
FROM lineage JOIN train_log AS log
  ON log.run = lineage.ancestor AND (lineage.until IS NULL OR log.updates <= lineage.until);

-- The validations of a run and of the runs it resumes, one row for each, with the training loss at that moment.
CREATE VIEW learning_curve AS
SELECT
  lineage.run,
  valid.updates,
  max(log.epoch) AS epoch,
  max(log.wall_s) / 60 AS minutes,
  max(log.loss) AS train_loss,
  corpus.name AS corpus,
  max(CASE valid.metric WHEN 'loss' THEN valid.value END) AS loss,
  exp(max(CASE valid.metric WHEN 'loss' THEN valid.value END)) AS perplexity,
  max(CASE valid.metric WHEN 'bleu' THEN valid.value END) AS bleu,
  max(CASE valid.metric WHEN 'chrf' THEN valid.value END) AS chrf,
  max(coalesce(checkpoint.is_best, 0)) AS is_best,
  max(valid.length_ratio) AS length_ratio
FROM lineage
JOIN validation AS valid
  ON valid.run = lineage.ancestor AND (lineage.until IS NULL OR valid.updates <= lineage.until)
JOIN corpus ON corpus.id = valid.corpus
LEFT JOIN checkpoint ON checkpoint.run = valid.run AND checkpoint.updates = valid.updates
LEFT JOIN train_log AS log ON log.run = valid.run AND log.updates =
  (SELECT max(updates) FROM train_log WHERE train_log.run = valid.run AND train_log.updates <= valid.updates)
GROUP BY lineage.run, valid.corpus, valid.updates;

-- Sets of candidates of a run and of the runs it resumes.
CREATE VIEW candidate_sets AS
SELECT lineage.run, one.updates, one.pair, one.source, one.reference, one.objective, one.reward, one.value, one.entropy,
  one.top1, one.unique_share, one.effective_size, one.id AS candidate_set
FROM lineage JOIN candidate_set AS one
  ON one.run = lineage.ancestor AND (lineage.until IS NULL OR one.updates <= lineage.until);

-- What sequence-level training weighed: why the translation of a sentence changed.
CREATE VIEW candidates AS
SELECT candidate_sets.run, candidate_sets.updates, candidate_sets.pair, candidate_sets.source, candidate_sets.reference,
  candidate_sets.objective, candidate.k, candidate.kind, candidate.text, candidate.tokens, candidate.log_prob,
  candidate.q, candidate.reward, candidate.baseline, candidate.weight, candidate.duplicate
FROM candidate_sets JOIN candidate ON candidate.candidate_set = candidate_sets.candidate_set;

CREATE VIEW corpora AS
SELECT
  corpus.id AS corpus, corpus.name, corpus.split, corpus.source_language || '-' || corpus.target_language AS languages,
  corpus.lines, corpus.source_hash, corpus.target_hash, min(corpus_use.run) AS first_run,
  count(DISTINCT corpus_use.run) AS runs
FROM corpus LEFT JOIN corpus_use ON corpus_use.corpus = corpus.id
GROUP BY corpus.id;

-- Source, reference and best hypothesis side by side.
CREATE VIEW translations AS
SELECT
  decode.id AS decode, decode.run, corpus.name AS corpus, sentence.line, sentence.words, sentence.source,
  sentence.reference, hypothesis.text AS hypothesis, hypothesis.log_prob, hypothesis.tokens, hypothesis.stop_reason,
  sentence.id AS sentence
FROM hypothesis
JOIN decode ON decode.id = hypothesis.decode
JOIN sentence ON sentence.id = hypothesis.sentence
JOIN corpus ON corpus.id = decode.corpus
WHERE hypothesis.rank = 1;

-- Weights, and where they come from: a run of this ledger, or, as their file says, elsewhere.
CREATE VIEW models AS
SELECT
  checkpoint.id AS checkpoint, iif(provenance_json IS NULL, run, NULL) AS model_run,
  iif(provenance_json IS NULL, NULL, run) AS first_read_by, path AS model, updates, target_tokens,
  json_extract(provenance_json, '$."selected-by"') AS selected_by,
  json_extract(provenance_json, '$."validation-score"') AS validation_score,
  json_extract(provenance_json, '$.isthmus') AS version, hash, provenance_json
FROM checkpoint;

-- Every decode, with whose weights it was made. Text from elsewhere has its file in the place of the model.
CREATE VIEW decodes AS
SELECT
  decode.id AS decode, decode.run, models.model_run,
  coalesce(models.model, json_extract(decode.options_json, '$.hypothesis')) AS model, models.updates,
  corpus.name AS corpus, corpus.split, decode.method, decode.beam, decode.length_penalty,
  (SELECT count(*) FROM hypothesis WHERE hypothesis.decode = decode.id AND rank = 1) AS sentences,
  decode.seconds, decode.truncated, decode.empty
FROM decode
JOIN corpus ON corpus.id = decode.corpus
LEFT JOIN models ON models.checkpoint = decode.checkpoint;

-- Sums of the BLEU statistics: over all sentences, and in bins of five words of the source.
CREATE VIEW bleu_sums AS
SELECT
  scoring, 'all' AS slice, NULL AS from_words, NULL AS to_words, count(*) AS sentences,
  sum(match1) AS match1, sum(match2) AS match2, sum(match3) AS match3, sum(match4) AS match4,
  sum(total1) AS total1, sum(total2) AS total2, sum(total3) AS total3, sum(total4) AS total4,
  sum(hypothesis_length) AS hypothesis_length, sum(reference_length) AS reference_length
FROM bleu_statistics JOIN hypothesis ON hypothesis.id = bleu_statistics.hypothesis
WHERE hypothesis.rank = 1
GROUP BY scoring
UNION ALL
SELECT
  scoring, 'length', (max(words, 1) - 1) / 5 * 5 + 1, (max(words, 1) - 1) / 5 * 5 + 5, count(*),
  sum(match1), sum(match2), sum(match3), sum(match4), sum(total1), sum(total2), sum(total3), sum(total4),
  sum(hypothesis_length), sum(reference_length)
FROM bleu_statistics
JOIN hypothesis ON hypothesis.id = bleu_statistics.hypothesis
JOIN sentence ON sentence.id = hypothesis.sentence
WHERE hypothesis.rank = 1
GROUP BY scoring, (max(words, 1) - 1) / 5;

-- Corpus BLEU from sums (Papineni et al. 2002), with sacreBLEU's smoothing: `exp` halves the precision of each further
-- order without a match, `none` does not. NULL where the signature asks for anything else: see scoring.value.
CREATE VIEW bleu_scores AS
WITH smoothed AS (
  SELECT bleu_sums.*, scoring.decode, scoring.signature, instr(scoring.signature, 'smooth:exp') > 0 AS smooth,
    pow(0.5, match1 = 0) AS half1,
    pow(0.5, (match1 = 0) + (match2 = 0)) AS half2,
    pow(0.5, (match1 = 0) + (match2 = 0) + (match3 = 0)) AS half3,
    pow(0.5, (match1 = 0) + (match2 = 0) + (match3 = 0) + (match4 = 0)) AS half4
  FROM bleu_sums JOIN scoring ON scoring.id = bleu_sums.scoring
), precisions AS (
  SELECT *,
    coalesce(iif(match1 > 0, match1, smooth * half1) * 1.0 / nullif(total1, 0), 0) AS p1,
    coalesce(iif(match2 > 0, match2, smooth * half2) * 1.0 / nullif(total2, 0), 0) AS p2,
    coalesce(iif(match3 > 0, match3, smooth * half3) * 1.0 / nullif(total3, 0), 0) AS p3,
    coalesce(iif(match4 > 0, match4, smooth * half4) * 1.0 / nullif(total4, 0), 0) AS p4,
    CASE WHEN hypothesis_length = 0 THEN 0
         WHEN hypothesis_length < reference_length THEN exp(1 - reference_length * 1.0 / hypothesis_length)
         ELSE 1 END AS brevity_penalty
  FROM smoothed
)
SELECT
  scoring, decode, signature, slice, from_words, to_words, sentences,
  CASE WHEN NOT smooth AND instr(signature, 'smooth:none') = 0 THEN NULL
       WHEN instr(signature, 'eff:yes') > 0 OR instr(signature, '|order:') > 0 THEN NULL
       WHEN match1 = 0 OR min(p1, p2, p3, p4) = 0 THEN 0
       ELSE 100 * brevity_penalty * exp((ln(p1) + ln(p2) + ln(p3) + ln(p4)) / 4) END AS bleu,
  100 * p1 AS precision1, 100 * p2 AS precision2, 100 * p3 AS precision3, 100 * p4 AS precision4, brevity_penalty,
  hypothesis_length * 1.0 / nullif(reference_length, 0) AS length_ratio, hypothesis_length, reference_length
FROM precisions;

-- Corpus BLEU of every decode that was scored with it. The interval was computed when it was scored.
CREATE VIEW bleu AS
SELECT
  decodes.run, decodes.model_run, decodes.model, decodes.corpus, decodes.split, decodes.method, decodes.beam,
  coalesce(score.bleu, scoring.value) AS bleu, scoring.low, scoring.high, score.precision1, score.precision2,
  score.precision3, score.precision4, score.brevity_penalty, score.length_ratio,
  coalesce(score.sentences, decodes.sentences) AS sentences, scoring.signature, decodes.decode,
  scoring.id AS scoring
FROM scoring
JOIN decodes ON decodes.decode = scoring.decode
LEFT JOIN bleu_scores AS score ON score.scoring = scoring.id AND score.slice = 'all'
WHERE scoring.metric = 'bleu';

-- Every score of every decode.
CREATE VIEW scores AS
SELECT
  decodes.run, decodes.model_run, decodes.model, decodes.updates, decodes.corpus, decodes.split, decodes.method, decodes.beam,
  scoring.metric, scoring.value, scoring.low, scoring.high, decodes.sentences, decodes.seconds, scoring.signature,
  decodes.decode
FROM scoring JOIN decodes ON decodes.decode = scoring.decode;

-- Scores beside the one that they were compared with.
CREATE VIEW comparisons AS
SELECT
  decodes.run, decodes.corpus, scoring.metric, decodes.model, scoring.value, other.model AS baseline_model,
  baseline.value AS baseline_value, scoring.value - baseline.value AS difference, comparison.test, comparison.p,
  comparison.trials, comparison.seed, scoring.signature, scoring.decode, baseline.decode AS baseline_decode
FROM comparison
JOIN scoring ON scoring.id = comparison.scoring
JOIN scoring AS baseline ON baseline.id = comparison.baseline
JOIN decodes ON decodes.decode = scoring.decode
JOIN decodes AS other ON other.decode = baseline.decode;

-- Corpus BLEU of the sentences of each length, in bins of five words, for every decode.
CREATE VIEW bleu_by_length AS
SELECT
  decodes.run, decodes.model_run, decodes.corpus, decodes.method, decodes.beam, score.from_words, score.to_words,
  score.sentences, score.bleu, score.brevity_penalty, score.length_ratio, score.signature, score.decode
FROM bleu_scores AS score JOIN decodes ON decodes.decode = score.decode
WHERE score.slice = 'length';

CREATE VIEW studies AS
SELECT
  analysis.id AS analysis, analysis.run, analysis.kind, models.model_run, models.model, models.updates,
  corpus.name AS corpus, analysis.verdict, analysis.meaning, analysis.seconds, analysis.seed, analysis.version, analysis.params_json
FROM analysis
JOIN corpus ON corpus.id = analysis.corpus
LEFT JOIN models ON models.checkpoint = analysis.checkpoint;

-- The last study of each kind, model and corpus.
CREATE VIEW latest_studies AS
SELECT studies.* FROM studies
WHERE studies.analysis IN (SELECT max(id) FROM analysis GROUP BY kind, checkpoint, corpus);

CREATE VIEW findings AS
SELECT finding.analysis, studies.run, studies.kind, studies.model_run, studies.model, studies.corpus, finding.name,
  finding.value, finding.low, finding.high, finding.unit
FROM finding JOIN studies ON studies.analysis = finding.analysis;

-- Context vectors beside the sentences that they stand for.
CREATE VIEW contexts AS
SELECT
  context.run, models.model_run, models.model, models.updates, corpus.name AS corpus, sentence.line, sentence.source,
  context.layer, context.kind, context.dim, context.norm, context.vector
FROM context
JOIN sentence ON sentence.id = context.sentence
JOIN corpus ON corpus.id = sentence.corpus
JOIN models ON models.checkpoint = context.checkpoint;

-- The length study: BLEU and chrF with 95 % intervals, in bins and for all sentences up to a length.
CREATE VIEW quality_by_length AS
SELECT
  length_quality.analysis, studies.run, studies.model_run, studies.model, studies.corpus, length_quality.metric,
  iif(length_quality.cumulative, 'up to', 'bin') AS scope, length_quality.from_length, length_quality.to_length,
  length_quality.sentences, length_quality.mean_length, length_quality.value, length_quality.low, length_quality.high,
  length_quality.thin
FROM length_quality JOIN studies ON studies.analysis = length_quality.analysis;

-- Training runs side by side: size, speed, memory and the score of each decode of their checkpoints.
CREATE VIEW cells AS
SELECT
  runs.run,
  json_extract(run.config_json, '$.cell') AS cell,
  json_extract(run.config_json, '$.layers') AS layers,
  json_extract(run.config_json, '$.hidden') AS hidden,
  json_extract(run.config_json, '$.embedding') AS embedding,
  json_extract(run.config_json, '$.bidirectional') AS bidirectional,
  json_extract(run.config_json, '$.context') AS context,
  runs.parameters, runs.updates, runs.target_tokens, runs.target_tokens_per_s, runs.peak_memory_mb,
  (SELECT max(wall_s) FROM train_log WHERE train_log.run = runs.run) / 60 AS minutes,
  runs.best_valid_bleu, bleu.corpus, bleu.method, bleu.beam, bleu.bleu, bleu.low, bleu.high, bleu.signature
FROM runs
JOIN run ON run.id = runs.run
LEFT JOIN bleu ON bleu.model_run = runs.run
WHERE runs.command = 'train';
)sql";
}

}  // namespace isthmus::internal
